// Writes src/generated from the contract: what the client knows of the API at run time, and the types that its users see.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { contract, operations, routeTable } from '@vergeai/contract';
import { readComments } from '@vergeai/contract/read-comments';
import { resourcesFile } from './generate/resources-file.mjs';
import { tableFile } from './generate/table-file.mjs';
import { typesOf } from './generate/types-file.mjs';

const folder = new URL('../src/generated/', import.meta.url);
const origin = '// Made from @vergeai/contract by scripts/generate.mjs when the package is built.';

const rows = routeTable({ ...contract });
// What is told as a stream and in no other way has a method of its own.
const called = operations({ ...contract }).filter(({ metadata }) => metadata.streams !== 'only');
const all = called.map(({ name, route, metadata }) => {
  const [resource, method] = name.split('.');
  return { name, resource, method, route, metadata, row: rows[resource][method] };
});
const comments = readComments(Object.keys(contract));
const { types, typeNames, described } = typesOf(all, comments);

const files = {
  'table.ts': tableFile(all),
  'types.ts': types,
  'resources.ts': resourcesFile(described, typeNames, comments),
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, folder), `${origin}\n${text}`);
