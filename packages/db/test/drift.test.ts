import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../scripts/schema.mjs';
import { sqlBetween } from '../scripts/schema-engine.mjs';
import { migrate } from '../src/index.js';
import { defaultMigrationsDir } from '../src/migrations-dir.js';
import { postgresqlCatalog, sqliteCatalog } from './catalog.js';
import { emptyDatabase, KINDS, temporaryFile } from './databases.js';

describe('the migrations lead to prisma/schema.prisma', () => {
  test('on sqlite', async () => {
    const [migrated, declared] = [temporaryFile(), temporaryFile()];
    await migrate({ url: `file:${migrated}` });
    const database = new Database(declared);
    database.exec(await sqlBetween('sqlite', null, readSchema()));
    database.close();
    expect(sqliteCatalog(migrated).facts).toEqual(sqliteCatalog(declared).facts);
  });

  test('on postgresql', async () => {
    const [migrated, declared] = [await emptyDatabase('postgresql'), await emptyDatabase('postgresql')];
    await migrate({ url: migrated });
    const client = new Client({ connectionString: declared });
    await client.connect();
    await client.query(await sqlBetween('postgresql', null, readSchema()));
    await client.end();
    expect((await postgresqlCatalog(migrated)).facts).toEqual((await postgresqlCatalog(declared)).facts);
  });
});

test.each(KINDS)('the snapshot that the next migration for %s starts from is the schema', async (kind) => {
  const snapshot = readFileSync(path.join(defaultMigrationsDir, 'snapshot.prisma'), 'utf8');
  expect(await sqlBetween(kind, snapshot, readSchema())).toBe('-- This is an empty migration.\n');
});

test('a foreign key on sqlite is checked by its statement: at COMMIT it would take the whole batch with it', async () => {
  const file = temporaryFile();
  await migrate({ url: `file:${file}` });
  const database = new Database(file, { readonly: true });
  const deferred = database.prepare(`SELECT name FROM sqlite_master WHERE sql LIKE '%DEFERRABLE%' OR sql LIKE '%DEFERRED%'`).all();
  database.close();
  expect(deferred).toEqual([]);
});
