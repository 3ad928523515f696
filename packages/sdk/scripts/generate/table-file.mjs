/** The operations as the client needs them at run time. */
export function tableFile(operations) {
  const table = {};
  for (const { resource, method, row } of operations) (table[resource] ??= {})[method] = rowOf(resource, method, row);
  return `import type { Rows } from '../operations/route.js';

export const table = ${JSON.stringify(table, undefined, 2)} as const satisfies Readonly<Record<string, Rows>>;
`;
}

/** What the path says by itself is left out of the table, which every page that uses the client loads. */
function rowOf(resource, name, { method, path, query, status, ...rest }) {
  const params = Array.from(path.matchAll(/:(\w+)/g), ([, parameter]) => parameter);
  const expected = ['/v1', resource, name, ...params.map((parameter) => `:${parameter}`)].join('/');
  if (path !== expected) throw new Error(`${resource}.${name} is at ${path}; the client looks for it at ${expected}.`);
  if (method === 'POST' && (params.length > 0 || query)) throw new Error(`${resource}.${name} is a POST with parameters outside its body.`);
  return { ...(method === 'GET' && { get: params.join() }), ...(query && { query: query.join() }), ...(status !== 200 && { status }), ...rest };
}
