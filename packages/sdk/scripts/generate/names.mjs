// What things of the contract are called in TypeScript.

const resourceNames = { auth: 'APIKey' };

/** `next_job` → NextJob */
export const pascal = (name) => name.replace(/(?:^|_)([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** What stands on the client for a resource of the contract: `vergeai.Experiment`. */
export const resourceName = (resource) => resourceNames[resource] ?? pascal(resource);

/** The interface of its methods. */
export const resourceInterface = (resource) => `${resourceName(resource)}s`;

/** What the types of an operation's input and answer begin with. */
export const operationName = ({ resource, method }) => `${resourceName(resource)}${pascal(method)}`;

/** One entry of what has this name: `termination_criteria` has none of its own. */
export const singular = (name) => name.replace(/ies$/, 'y').replace(/s$/, '');
