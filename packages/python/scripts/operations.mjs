// Writes src/vergeai/_operations.json from the contract. With --check it only says whether that is in step; with --answers it
// prints the schema of each operation's answer; with --method experiment.fork it prints a method to begin with.
import { readFileSync, writeFileSync } from 'node:fs';
import { contract, openApiDocument, operations } from '@vergeai/contract';

const file = new URL('../src/vergeai/_operations.json', import.meta.url);
// What is told as a stream and in no other way has a function of its own.
const answering = operations(contract).filter(({ metadata }) => metadata.streams !== 'only');
const { paths } = openApiDocument(contract, { version: '0', serverUrl: '' });
const simpleTypes = { string: 'str', integer: 'int', number: 'float', boolean: 'bool' };

/** What OpenAPI says of a route: the reading of the schemas is left to it. */
const read = (route) => paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];

function describe({ name, route, metadata }) {
  const { parameters = [], requestBody } = read(route);
  const body = requestBody?.content['application/json'].schema ?? {};
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const pathParameters = Array.from(route.path.matchAll(/:(\w+)/g), ([, parameter]) => parameter);
  return [
    name,
    {
      method: route.method,
      path: route.path.replace(/:(\w+)/g, '{$1}'),
      statusCode: metadata.statusCode,
      pathParameters,
      query: inQuery.map((parameter) => parameter.name),
      body: Object.keys(body.properties ?? {}),
      required: [...pathParameters, ...inQuery.filter((parameter) => parameter.required).map((parameter) => parameter.name), ...(body.required ?? [])],
    },
  ];
}

const answerOf = (route) => read(route).responses[200]?.content?.['application/json']?.schema ?? {};

/** The type hint of what a method takes. */
function hint({ type, enum: values, const: only, items, anyOf }) {
  if (only !== undefined || values) return `Literal[${(values ?? [only]).map((value) => JSON.stringify(value)).join(', ')}]`;
  if (anyOf) return anyOf.map(hint).join(' | ');
  if (Array.isArray(type)) return type.map((each) => (each === 'null' ? 'None' : hint({ type: each }))).join(' | ');
  if (type === 'array') return `Sequence[${hint(items ?? {})}]`;
  if (type === 'object') return 'Mapping[str, Any]';
  return type === 'null' ? 'None' : (simpleTypes[type] ?? 'Any');
}

/** Names that Python keeps for itself end in an underscore. */
const argument = (name) => (name === 'from' ? 'from_' : name);

/** A method for an operation: its types and what the contract says of it. */
function method({ name, route }) {
  const [, verb] = name.split('.');
  const { parameters = [], requestBody, summary } = read(route);
  const { properties = {}, required = [] } = requestBody?.content['application/json'].schema ?? {};
  const takes = [
    ...parameters.filter(({ in: where }) => where !== 'header').map((parameter) => ({ name: parameter.name, schema: parameter.schema, needed: parameter.required })),
    ...Object.entries(properties).map(([key, schema]) => ({ name: key, schema, needed: required.includes(key) })),
  ].toSorted((a, b) => Number(b.needed) - Number(a.needed));
  const answer = answerOf(route).properties ?? {};
  const [kind, result] = Object.hasOwn(answer, 'next_cursor')
    ? ['_page', 'AsyncPageAnswer[Page[Entry], Entry]']
    : Object.keys(answer).join() === 'model_url' && answer.model_url.type === 'string'
      ? ['_link', 'AsyncLinkAnswer[Link]']
      : ['_call', Object.keys(answer).length === 0 ? 'Answer[Empty]' : 'Answer[Body]'];
  const told = takes.filter(({ schema }) => schema.description).map((one) => `        :param ${argument(one.name)}: ${one.schema.description}.`);
  return [
    `    async def ${verb}(`,
    '        self,',
    '        *,',
    ...takes.map((one) => `        ${argument(one.name)}: ${hint(one.schema)}${one.needed ? '' : ' | None = None'},`),
    '        options: CallOptions | None = None,',
    `    ) -> ${result}:`,
    `        """${summary}.${told.length > 0 ? `\n\n${told.join('\n')}\n        ` : ''}"""`,
    `        return await self.${kind}("${verb}", options, ${takes.map((one) => `${argument(one.name)}=${argument(one.name)}`).join(', ')})`,
    '',
  ].join('\n');
}

const table = {
  about: 'Made from @vergeai/contract by scripts/operations.mjs; run it after a change of the contract.',
  operations: Object.fromEntries(answering.map(describe)),
};
const text = `${JSON.stringify(table, undefined, 2)}\n`;
const [what, wanted] = process.argv.slice(2);

if (what === '--answers') {
  console.log(JSON.stringify(Object.fromEntries(answering.map(({ name, route }) => [name, answerOf(route)]))));
} else if (what === '--method') {
  console.log(answering.filter(({ name }) => name === wanted).map(method).join(''));
} else if (what !== '--check') {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('packages/python/src/vergeai/_operations.json is not in step with the contract; run packages/python/scripts/operations.mjs.');
  process.exitCode = 1;
}
