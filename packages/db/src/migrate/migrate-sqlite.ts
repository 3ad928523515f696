import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { connect } from '../sqlite/connect.js';
import { loadMigrations, type Migration } from './load-migrations.js';
import { MigrationError } from './migration-error.js';
import { pendingMigrations, type AppliedRow } from './pending-migrations.js';

const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id"                  TEXT PRIMARY KEY NOT NULL,
  "checksum"            TEXT NOT NULL,
  "finished_at"         DATETIME,
  "migration_name"      TEXT NOT NULL,
  "logs"                TEXT,
  "rolled_back_at"      DATETIME,
  "started_at"          DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/**
 * Applies what is pending, each migration in a transaction of its own. Another process that does the same waits.
 *
 * @returns names of the migrations applied by this call
 * @throws MigrationError, or DatabaseOpenError when the file cannot be opened
 */
export function migrateSqlite(file: string, dir: string): string[] {
  const known = loadMigrations(dir);
  const database = connect(file, { busyTimeoutMs: 30_000 });
  try {
    // Rebuilding a table drops the old one, and with foreign keys on that deletes the rows that point at it.
    // SQLite ignores this pragma inside a transaction, so it comes first.
    database.pragma('foreign_keys = OFF');
    const applied: string[] = [];
    for (;;) {
      const name = applyNext(database, known);
      if (name === undefined) return applied;
      applied.push(name);
    }
  } finally {
    database.close();
  }
}

/** The plan is made under the write lock, so that two processes never apply the same migration. */
function applyNext(database: Database.Database, known: readonly Migration[]): string | undefined {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(TABLE);
    const rows = database.prepare<[], AppliedRow>('SELECT * FROM "_prisma_migrations"').all();
    const next = pendingMigrations(known, rows)[0];
    if (next) apply(database, next);
    database.exec('COMMIT');
    return next?.name;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function apply(database: Database.Database, { name, sql, checksum }: Migration): void {
  const startedAt = Date.now();
  try {
    database.exec(sql);
  } catch (cause) {
    throw new MigrationError('rejected', `Migration ${name} was refused and rolled back: ${(cause as Error).message}`, { cause });
  }
  if (!database.inTransaction) {
    throw new MigrationError('rejected', `Migration ${name} ends the transaction it runs in. Remove COMMIT or ROLLBACK from it.`);
  }
  refuseDanglingReferences(database, name);
  database
    .prepare('INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count") VALUES (?, ?, ?, ?, ?, 1)')
    .run(randomUUID(), checksum, name, startedAt, Date.now());
}

function refuseDanglingReferences(database: Database.Database, name: string): void {
  const dangling = database.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[];
  if (dangling.length === 0) return;
  const examples = dangling.slice(0, 3).map(({ table, rowid, parent }) => `${table} row ${rowid} → ${parent}`);
  throw new MigrationError(
    'rejected',
    `Migration ${name} was rolled back: it would leave ${dangling.length} references to rows that do not exist (${examples.join(', ')}).`,
  );
}
