import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { connectionFailure } from '../postgresql/connection-failure.js';
import { loadMigrations, type Migration } from './load-migrations.js';
import { MigrationError } from './migration-error.js';
import { pendingMigrations, type AppliedRow } from './pending-migrations.js';

/** The number Prisma itself takes, so that its own tool would wait for us too. */
const ADVISORY_LOCK = 72_707_369;

const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id"                  VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum"            VARCHAR(64) NOT NULL,
  "finished_at"         TIMESTAMPTZ,
  "migration_name"      VARCHAR(255) NOT NULL,
  "logs"                TEXT,
  "rolled_back_at"      TIMESTAMPTZ,
  "started_at"          TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Applies what is pending, each migration in a transaction of its own. Another process that does the same waits.
 *
 * @returns names of the migrations applied by this call
 * @throws MigrationError, or DatabaseOpenError when the server cannot be reached
 */
export async function migratePostgresql(url: string, dir: string): Promise<string[]> {
  const known = loadMigrations(dir);
  const client = new Client({ connectionString: url, application_name: 'vergeai-migrate', connectionTimeoutMillis: 10_000 });
  // A connection lost between two queries would otherwise be an uncaught error; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw connectionFailure(url, error);
  }
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    // IF NOT EXISTS would still want the right to create tables from a role that only uses them.
    const { rows: tables } = await client.query<{ table: string | null }>(`SELECT to_regclass('"_prisma_migrations"') AS "table"`);
    if (tables[0]!.table === null) await client.query(TABLE);
    const { rows } = await client.query<AppliedRow>('SELECT * FROM "_prisma_migrations"');
    const pending = pendingMigrations(known, rows);
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  } finally {
    // Ends the session, and with it the lock.
    await client.end().catch(() => {});
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      'INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count") VALUES ($1, $2, $3, clock_timestamp(), 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw new MigrationError('rejected', `Migration ${name} was refused and rolled back: ${(cause as Error).message}`, { cause });
  }
}
