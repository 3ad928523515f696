// Prisma's schema engine as WebAssembly: it writes SQL from schemas, and that is all it is used for here.
// It is never given a database that holds anything: only schema files go in, only text comes out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { schemaFor } from './schema.mjs';

/**
 * The SQL that leads from one schema to another, in the dialect of `provider`.
 *
 * @param {'sqlite' | 'postgresql'} provider
 * @param {string | null} from text of a Prisma schema (its provider is replaced); null: an empty database
 * @param {string} to text of a Prisma schema
 * @returns {Promise<string>} a comment only when there is nothing to do
 */
export async function sqlBetween(provider, from, to) {
  const { SchemaEngine } = await loadEngine();
  const schema = (/** @type {string} */ text) => [{ path: 'schema.prisma', content: schemaFor(provider, text) }];
  const engine = await SchemaEngine.new(
    { datamodels: schema(to).map((file) => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(unusedAdapter(provider)),
  );
  const { stdout } = await engine.diff({
    from: from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: schema(from) },
    to: { tag: 'schemaDatamodel', files: schema(to) },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

/** The engine connects to learn the dialect's version, and asks nothing else. */
function unusedAdapter(provider) {
  return provider === 'sqlite' ? new PrismaBetterSqlite3({ url: ':memory:' }) : postgresThatIsNotThere();
}

async function refuse() {
  throw new Error('The schema engine asked for a database; it may only compare schema files.');
}

/** Answers the one question the engine asks of PostgreSQL, so that none has to run. */
function postgresThatIsNotThere() {
  const info = { provider: 'postgres', adapterName: '@prisma/adapter-pg' };
  const adapter = {
    ...info,
    queryRaw: async ({ sql }) =>
      sql.includes('server_version_num')
        ? {
            columnNames: ['exists', 'version', 'numeric_version'],
            columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
            rows: [[true, 'PostgreSQL 16.0', 160000]],
          }
        : refuse(),
    executeRaw: async () => 0,
    executeScript: refuse,
    startTransaction: refuse,
    dispose: async () => {},
  };
  return { ...info, connect: async () => adapter, connectToShadowDb: refuse };
}

let loaded;

/** The package's own entry wants a bundler to instantiate the module, so it is done here. */
async function loadEngine() {
  if (loaded) return loaded;
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bindings = await import(pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href);
  const module = new WebAssembly.Module(readFileSync(path.join(folder, 'schema_engine_bg.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  loaded = bindings;
  return bindings;
}
