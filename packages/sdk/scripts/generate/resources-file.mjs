import { comment, sentence } from './comments.mjs';
import { methodComment } from './method-comment.mjs';
import { resourceInterface, resourceName } from './names.mjs';
import { signatures } from './signatures.mjs';

/** The methods of each resource as interfaces, and what of the client follows from which resources there are. */
export function resourcesFile(operations, typeNames, comments) {
  const resources = [...new Set(operations.map(({ resource }) => resource))];
  const interfaces = resources.map((resource) => interfaceOf(resource, operations.filter((operation) => operation.resource === resource), comments));
  const used = new Set(interfaces.flatMap((text) => text.match(/\b[A-Z]\w+/g)));
  const listed = (names) => names.filter((name) => used.has(name)).sort().join(', ');
  return `import type { ${listed(['Answer', 'Empty', 'LinkPromise', 'Nothing', 'Page', 'PagePromise', 'WithoutModel'])} } from '../answers.js';
import type { CallOptions } from '../call-options.js';
import type { EventEntry } from '../events.js';
import type { UploadOptions } from '../upload/upload-options.js';
import type { ${listed(typeNames)} } from './types.js';

${interfaces.join('\n')}
${operationsText(operations)}
${clientText(resources)}`;
}

function interfaceOf(resource, operations, comments) {
  const methods = operations.map((operation) => {
    const signed = signatures(operation);
    const told = methodComment(operation, signed, comments.get(operation.name));
    return signed.map((text) => `${comment(told, '  ')}  ${text};\n`).join('');
  });
  return `/** The methods of \`vergeai.${resourceName(resource)}\`. */\nexport interface ${resourceInterface(resource)} {\n${methods.join('\n')}}\n`;
}

const operationsText = (operations) => `/** The method of every operation by its dotted name. */
export interface Operations {
${operations.map(({ name, route, resource, method }) => `${comment([sentence(route.summary)], '  ')}  '${name}': ${resourceInterface(resource)}['${method}'];\n`).join('')}}
`;

const clientText = (resources) => `/** The resources that the table has. */
export type ResourceName = ${resources.map((resource) => `'${resource}'`).join(' | ')};

/** What stands on the client: the methods of each resource. */
export class Resources {
${resources.map((resource) => `  /** The operations of \`${resource}\`. */\n  declare readonly ${resourceName(resource)}: ${resourceInterface(resource)};\n`).join('')}
  /** \`methods\` gives those of a resource of the table. */
  protected constructor(methods: (resource: ResourceName) => unknown) {
    Object.assign(this, { ${resources.map((resource) => `${resourceName(resource)}: methods('${resource}')`).join(', ')} });
  }
}
`;
