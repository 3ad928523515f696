// Writes src/generated from the contract: what the client knows of the API at run time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { contract, routeTable } from '@vergeai/contract';

const folder = new URL('../src/generated/', import.meta.url);
const origin = '// Made from @vergeai/contract by scripts/generate.mjs when the package is built.';

/** What the path says by itself is left out of the table, which every page that uses the client loads. */
function rowOf(resource, name, { method, path, ...rest }) {
  const params = Array.from(path.matchAll(/:(\w+)/g), ([, parameter]) => parameter);
  const expected = ['/v1', resource, name, ...params.map((parameter) => `:${parameter}`)].join('/');
  if (path !== expected) throw new Error(`${resource}.${name} is at ${path}; the client looks for it at ${expected}.`);
  return { method, ...(params.length > 0 && { params }), ...rest };
}

const table = Object.fromEntries(
  Object.entries(routeTable({ ...contract })).map(([resource, routes]) => [
    resource,
    Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, rowOf(resource, name, route)])),
  ]),
);

mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('table.ts', folder),
  `${origin}
import type { Rows } from '../operations/route.js';

export const table = ${JSON.stringify(table, undefined, 2)} as const satisfies Readonly<Record<string, Rows>>;
`,
);
