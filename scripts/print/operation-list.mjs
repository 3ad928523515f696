const levels = { 1: 'READ_ONLY', 5: 'READ_WRITE', 10: 'ADMIN', 100: 'OWNER' };

/** Who may call an operation, in the words that the page explains. */
const callers = {
  public: () => 'nobody asks who',
  any_key: () => 'any key',
  session: () => 'a session',
  sign_in: () => 'a user key, or a sign-in code',
  user: () => 'any user key',
  server_admin: () => 'the server admin',
  device: () => 'a device key',
  member: ({ level, device }) => `${levels[level]}${device ? ', or a device key' : ''}`,
};

/**
 * Every operation as Markdown: path, name, who may call it, a sentence, what it takes and gives, by resource.
 * @param {{ name: string, route: object, metadata: { access: object } }[]} operations
 * @param {Map<string, { text: string }>} comments what the contract says of each
 * @param {(schema: object, direction: 'input' | 'output') => object} shapeOf a schema as JSON Schema
 * @param {readonly string[]} explained inputs that the page explains itself
 */
export function operationList(operations, comments, shapeOf, explained) {
  const resources = [...new Set(operations.map(({ name }) => name.split('.')[0]))];
  return resources
    .map((resource) => `### ${resource}\n\n${operations.filter(({ name }) => name.startsWith(`${resource}.`)).map((operation) => entry(operation, comments, shapeOf, explained)).join('\n')}\n`)
    .join('\n');
}

function entry({ name, route, metadata: { access } }, comments, shapeOf, explained) {
  const inputs = [route.pathParams, route.query, route.body].filter(isSchema).flatMap((schema) => membersOf(shapeOf(schema, 'input')));
  const text = comments.get(name)?.text ?? `${route.summary}.`;
  const takes = inputs.length > 0 ? `\n  - takes ${inputs.map((input) => inputText(input, explained)).join('; ')}` : '';
  return `- \`${route.method} ${route.path}\` (\`${name}\`; ${callers[access.who](access)}): ${text}${takes}${gives(route.responses[200], shapeOf)}`;
}

/** What says that there is no body is none. */
const isSchema = (schema) => schema !== undefined && '_zod' in schema;

const membersOf = ({ properties = {}, required = [] } = {}) => Object.entries(properties).map(([name, shape]) => ({ name, shape, optional: !required.includes(name) }));

function inputText({ name, shape, optional }, explained) {
  const called = `\`${name}\`${optional ? '?' : ''}`;
  if (explained.includes(name)) return called;
  const otherwise = shape.default === undefined || JSON.stringify(shape.default) === '[]' ? '' : `, ${JSON.stringify(shape.default)} when left out`;
  return `${called} (${kindOf(shape)}${otherwise})${shape.description ? `: ${shape.description}` : ''}`;
}

/** What a JSON schema takes, in words. */
function kindOf(shape) {
  if (shape.anyOf) return [...new Set(shape.anyOf.map(kindOf))].join(' or ');
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (shape.type === 'array') return `list of ${kindOf(shape.items ?? {})}`;
  if (shape.type === 'object' && shape.properties) return `{ ${membersOf(shape).map((member) => `${member.name}${member.optional ? '?' : ''}: ${kindOf(member.shape)}`).join(', ')} }`;
  return shape.type === 'boolean' ? 'true or false' : (shape.type ?? 'anything');
}

/** The members of an answer; of an entry, where it is a list. */
function gives(schema, shapeOf) {
  const shape = isSchema(schema) ? shapeOf(schema, 'output') : undefined;
  const names = (object) => membersOf(object).map(({ name, optional }) => `\`${name}\`${optional ? '?' : ''}`).join(', ');
  const listed = shape?.properties?.data;
  if (listed?.items?.properties) return `\n  - gives a list of ${names(listed.items)}`;
  return shape?.properties && Object.keys(shape.properties).length > 0 ? `\n  - gives ${names(shape)}` : '';
}
