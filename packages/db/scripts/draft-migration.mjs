#!/usr/bin/env node
// Drafts the SQL of a migration for both databases.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROVIDERS, readSchema } from './schema.mjs';
import { sqlBetween } from './schema-engine.mjs';

const HELP = `Usage: pnpm --filter @vergeai/db migration <name>      (name: lowercase_words)

Writes prisma/migrations/{sqlite,postgresql}/<UTC timestamp>_<name>/migration.sql: the SQL that leads from
the schema of the last migration (prisma/migrations/snapshot.prisma) to prisma/schema.prisma, then takes the
new schema as the snapshot. It only compares schema files: no database is opened, no network is used.

The draft is yours to finish by hand before it is committed:
  - CHECKs and partial unique indexes cannot be said in schema.prisma. Add new ones to both files.
  - On SQLite most changes to a column rebuild its table ("new_…"). The draft does not know our CHECKs and
    partial indexes: copy them into the rebuilt table.
  - A new value of an enum stands last in schema.prisma, where PostgreSQL puts it. On SQLite an enum is text with
    a CHECK named …_known, so that nothing is drafted: rebuild the table with a CHECK that knows the value.
  - On PostgreSQL a foreign key with ON DELETE NO ACTION is DEFERRABLE INITIALLY DEFERRED (see the first
    migration for the reason).
  - Data that an old row lacks has to be filled in.
"pnpm --filter @vergeai/db test" then proves that both databases end at schema.prisma and that every named
constraint still refuses a bad row and knows every value of its enum. A migration that has been released is never edited: draft another one.`;

const name = process.argv[2];
if (name === '--help' || name === '-h' || name === undefined) {
  console.log(HELP);
  process.exit(name === undefined ? 1 : 0);
}
if (!/^[a-z][a-z0-9_]*$/.test(name)) fail(`"${name}" is not a name for a migration: use lowercase letters, digits and _.`);

const migrationsDir = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const snapshotFile = path.join(migrationsDir, 'snapshot.prisma');
const schema = readSchema();
const snapshot = existsSync(snapshotFile) ? readFileSync(snapshotFile, 'utf8') : null;

const drafts = await Promise.all(PROVIDERS.map(async (provider) => ({ provider, sql: await sqlBetween(provider, snapshot, schema) })));
if (drafts.every(({ sql }) => sql.includes('-- This is an empty migration'))) {
  fail('Nothing to do: prisma/schema.prisma is what the last migration leads to.');
}

const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
for (const { provider, sql } of drafts) {
  const folder = path.join(migrationsDir, provider, `${timestamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'migration.sql'), sql);
  console.log(`Drafted ${path.relative(process.cwd(), folder)}/migration.sql`);
  if (provider === 'sqlite' && drafts.some((draft) => draft.sql.includes('AlterEnum'))) console.log('  An enum changed: rebuild the table of its …_known CHECK by hand.');
  if (sql.includes('"new_')) console.log('  It rebuilds a table: copy its CHECKs and partial indexes into the draft.');
}
writeFileSync(snapshotFile, schema);

function fail(message) {
  console.error(message);
  process.exit(1);
}
