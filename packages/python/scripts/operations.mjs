// Writes src/vergeai/_operations.json from the contract; with --check, only says whether it is in step.
import { readFileSync, writeFileSync } from 'node:fs';
import { contract, openApiDocument, operations } from '@vergeai/contract';

const file = new URL('../src/vergeai/_operations.json', import.meta.url);
const { paths } = openApiDocument(contract, { version: '0', serverUrl: '' });

/** What OpenAPI says of a route: the reading of the schemas is left to it. */
function describe({ name, route, metadata }) {
  const { parameters = [], requestBody } = paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
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

const table = {
  about: 'Made from @vergeai/contract by scripts/operations.mjs; run it after a change of the contract.',
  operations: Object.fromEntries(operations(contract).map(describe)),
};
const text = `${JSON.stringify(table, undefined, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('packages/python/src/vergeai/_operations.json is not in step with the contract; run packages/python/scripts/operations.mjs.');
  process.exitCode = 1;
}
