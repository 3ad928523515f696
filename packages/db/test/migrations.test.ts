import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { migrate, type DatabaseKind } from '../src/index.js';
import { defaultMigrationsDir } from '../src/migrations-dir.js';
import { emptyDatabase, KINDS, open, temporaryFolder } from './databases.js';
import { newProject } from './rows.js';

const script = fileURLToPath(new URL('fixtures/migrate.mjs', import.meta.url));

/** A folder of migrations in which a test may do as it likes. */
function migrations(kind: DatabaseKind, files: Record<string, string>) {
  const migrationsDir = temporaryFolder();
  const put = (name: string, sql: string) => {
    mkdirSync(path.join(migrationsDir, kind, name), { recursive: true });
    writeFileSync(path.join(migrationsDir, kind, name, 'migration.sql'), sql);
  };
  mkdirSync(path.join(migrationsDir, kind));
  for (const [name, sql] of Object.entries(files)) put(name, sql);
  return { migrationsDir, put, remove: (name: string) => rmSync(path.join(migrationsDir, kind, name), { recursive: true }) };
}

/** Past Prisma, as an operator would. */
async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  if (url.startsWith('file:')) {
    const database = new Database(url.slice('file:'.length));
    try {
      const statement = database.prepare<[], Record<string, unknown>>(sql);
      return statement.reader ? statement.all() : (statement.run(), []);
    } finally {
      database.close();
    }
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const ONE = 'CREATE TABLE one (id INTEGER PRIMARY KEY);';
const TWO = 'CREATE TABLE two (id INTEGER PRIMARY KEY, one INTEGER REFERENCES one(id));';

describe.each(KINDS)('on %s', (kind) => {
  test('an empty database gets all migrations, in order, in the layout of Prisma', async () => {
    const url = await emptyDatabase(kind);
    const { migrationsDir } = migrations(kind, { '2_two': TWO, '1_one': ONE });
    expect(await migrate({ url, migrationsDir })).toEqual(['1_one', '2_two']);

    const rows = await query(url, 'SELECT * FROM "_prisma_migrations" ORDER BY "migration_name"');
    expect(rows).toMatchObject([
      { migration_name: '1_one', applied_steps_count: 1, rolled_back_at: null, logs: null, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { migration_name: '2_two' },
    ]);
    expect(rows.every((row) => row['finished_at'] !== null)).toBe(true);
  });

  test('a database that is up to date is left alone', async () => {
    const url = await emptyDatabase(kind);
    const first = await open(url);
    expect(first.appliedMigrations.length).toBeGreaterThan(0);
    await first.prisma.project.create({ data: newProject() });
    const second = await open(url);
    expect(second.appliedMigrations).toEqual([]);
    expect(await second.prisma.project.count()).toBe(1);
  });

  test('only what is new is applied', async () => {
    const url = await emptyDatabase(kind);
    const { migrationsDir, put } = migrations(kind, { '1_one': ONE });
    await migrate({ url, migrationsDir });
    put('2_two', TWO);
    expect(await migrate({ url, migrationsDir })).toEqual(['2_two']);
  });

  test('processes that start at once apply each migration once', async () => {
    const url = await emptyDatabase(kind);
    const start = () => promisify(execFile)(process.execPath, [script, inject('compiledDir'), url, defaultMigrationsDir]);
    const outputs = await Promise.all([start(), start(), start(), start()]);
    const applied = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as string[]);
    const all = readdirSync(path.join(defaultMigrationsDir, kind)).sort();
    expect(applied.sort()).toEqual(all);
    expect(await query(url, 'SELECT count(*) AS "count" FROM "_prisma_migrations"')).toEqual([{ count: kind === 'sqlite' ? all.length : String(all.length) }]);
  });

  test('a migration that the database refuses leaves no trace and says why', async () => {
    const url = await emptyDatabase(kind);
    const { migrationsDir, put } = migrations(kind, { '1_one': ONE, '2_bad': 'CREATE TABLE half (id INTEGER); CREATE TABLE one (id INTEGER);' });
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({
      name: 'MigrationError',
      problem: 'rejected',
      message: expect.stringMatching(/^Migration 2_bad was refused and rolled back: .*one.* already exists/),
    });
    put('2_bad', 'CREATE TABLE half (id INTEGER);');
    expect(await migrate({ url, migrationsDir })).toEqual(['2_bad']);
  });

  test('an applied migration that was edited is refused', async () => {
    const url = await emptyDatabase(kind);
    const { migrationsDir, put } = migrations(kind, { '1_one': ONE });
    await migrate({ url, migrationsDir });
    put('1_one', `${ONE}\n`);
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({ problem: 'edited', message: expect.stringContaining('Migration 1_one differs') });
  });

  test('a database that a newer version has used is refused', async () => {
    const url = await emptyDatabase(kind);
    const { migrationsDir, remove } = migrations(kind, { '1_one': ONE, '2_two': TWO });
    await migrate({ url, migrationsDir });
    remove('2_two');
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({ problem: 'unknown', message: expect.stringContaining('a newer version has used it') });
  });

  test('a migration that never finished is refused until someone has dealt with it', async () => {
    const url = await emptyDatabase(kind);
    const { migrationsDir, put } = migrations(kind, { '1_one': ONE });
    await migrate({ url, migrationsDir });
    put('2_two', TWO);
    await query(url, `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "logs") VALUES ('x', 'y', '2_two', 'no space')`);
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({ problem: 'failed', message: expect.stringContaining('never finished (no space)') });
    await query(url, `UPDATE "_prisma_migrations" SET "rolled_back_at" = CURRENT_TIMESTAMP WHERE "id" = 'x'`);
    expect(await migrate({ url, migrationsDir })).toEqual(['2_two']);
  });

  test('an installation without its migrations is refused', async () => {
    const url = await emptyDatabase(kind);
    await expect(migrate({ url, migrationsDir: '/nowhere' })).rejects.toMatchObject({ problem: 'missing' });
    const { migrationsDir } = migrations(kind, {});
    mkdirSync(path.join(migrationsDir, kind, '1_empty'));
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({ problem: 'missing', message: expect.stringContaining('1_empty has no readable migration.sql') });
  });
});

describe('on sqlite', () => {
  test('rebuilding a table keeps the rows that point at it', async () => {
    const url = await emptyDatabase('sqlite');
    const { migrationsDir, put } = migrations('sqlite', {
      '1_both': `${ONE} CREATE TABLE child (one INTEGER REFERENCES one(id) ON DELETE CASCADE); INSERT INTO one VALUES (1); INSERT INTO child VALUES (1);`,
    });
    await migrate({ url, migrationsDir });
    put('2_rebuild', 'CREATE TABLE new_one (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO new_one (id) SELECT id FROM one; DROP TABLE one; ALTER TABLE new_one RENAME TO one;');
    await migrate({ url, migrationsDir });
    expect(await query(url, 'SELECT * FROM child')).toEqual([{ one: 1 }]);
  });

  test('a migration that leaves references to rows that are gone is refused', async () => {
    const url = await emptyDatabase('sqlite');
    const { migrationsDir, put } = migrations('sqlite', { '1_one': ONE, '2_two': `${TWO} INSERT INTO one VALUES (1); INSERT INTO two VALUES (1, 1);` });
    await migrate({ url, migrationsDir });
    put('3_delete', 'DELETE FROM one;');
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({ problem: 'rejected', message: expect.stringContaining('two row 1 → one') });
    expect(await query(url, 'SELECT count(*) AS "count" FROM one')).toEqual([{ count: 1 }]);
  });

  test('a migration that ends its transaction is refused', async () => {
    const url = await emptyDatabase('sqlite');
    const { migrationsDir } = migrations('sqlite', { '1_one': `${ONE} COMMIT;` });
    await expect(migrate({ url, migrationsDir })).rejects.toMatchObject({ problem: 'rejected', message: expect.stringContaining('Remove COMMIT') });
  });

  test('the released migrations are found from any working directory', async () => {
    const url = await emptyDatabase('sqlite');
    const copy = temporaryFolder();
    cpSync(defaultMigrationsDir, copy, { recursive: true });
    expect(await migrate({ url, migrationsDir: copy })).toEqual(await migrate({ url: await emptyDatabase('sqlite') }));
  });
});

describe.each(KINDS)('data that is there before a migration, on %s', (kind) => {
  test('is counted for its project, one blob that forks share once', async () => {
    const url = await emptyDatabase(kind);
    const migrationsDir = temporaryFolder();
    cpSync(path.join(defaultMigrationsDir, kind), path.join(migrationsDir, kind), { recursive: true });
    for (const name of readdirSync(path.join(migrationsDir, kind)))
      if (name >= '20261127053658') rmSync(path.join(migrationsDir, kind, name), { recursive: true });
    await migrate({ url, migrationsDir });
    const id = (digit: string) => digit.repeat(32);
    const now = kind === 'sqlite' ? '0' : `'2026-01-01'`;
    const no = kind === 'sqlite' ? '0' : 'false';
    for (const project of ['a', 'b']) await query(url, `INSERT INTO "Project" ("id", "name", "createdAt") VALUES ('${id(project)}', 'p', ${now})`);
    for (const [n, blob, size] of [['1', 'one', 100], ['2', 'one', 100], ['3', 'two', 7]] as const) {
      await query(url, `INSERT INTO "Experiment" ("id", "projectId", "hyperparameters", "isActive", "version", "nextJobSequence", "nextEventSequence", "createdAt", "updatedAt") VALUES ('${id(n)}', '${id('a')}', '{}', ${no}, 1, 1, 1, ${now}, ${now})`);
      await query(url, `INSERT INTO "StoredModel" ("id", "kind", "projectId", "experimentId", "format", "size", "sha256", "blobKey", "createdAt") VALUES ('${id(n)}', 'START', '${id('a')}', '${id(n)}', 'JSON', ${size}, '${'0'.repeat(64)}', '${blob}', ${now})`);
    }
    const { prisma } = await open(url);
    expect(await prisma.project.findMany({ select: { storedBytes: true, maxBytes: true }, orderBy: { id: 'asc' } })).toEqual([
      { storedBytes: 107n, maxBytes: null },
      { storedBytes: 0n, maxBytes: null },
    ]);
  });
});
