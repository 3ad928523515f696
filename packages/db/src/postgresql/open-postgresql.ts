import { PrismaClient as PostgresqlClient } from '../generated/postgresql/client.js';
import type { PrismaClient } from '../generated/sqlite/client.js';
import { statementRunner } from '../hot-writer.js';
import { DatabaseOpenError } from '../open-error.js';
import type { OpenedDatabase, OpenOptions } from '../open-options.js';
import { postgresqlAdapterFactory } from './adapter.js';
import { AttentivePool } from './attentive-pool.js';
import { connectionFailure } from './connection-failure.js';
import { refuseUnsafeSettings } from './durability.js';
import { postgresqlHotReader } from './hot-reader.js';
import { postgresqlHotWriter } from './hot-writer.js';
import { numberQuestionMarks } from './question-marks.js';

/** @throws DatabaseOpenError */
export async function openPostgresql(url: string, options: OpenOptions): Promise<OpenedDatabase> {
  const pool = new AttentivePool({
    connectionString: url,
    application_name: 'vergeai',
    max: options.poolSize,
    keepAlive: true,
    // Also how long a query waits for a free connection.
    connectionTimeoutMillis: options.transaction.maxWait,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    // A transaction whose process hangs would keep its locks for ever; Prisma's own timeout comes first.
    idle_in_transaction_session_timeout: options.transaction.timeout + 5_000,
  });
  // Without a listener a connection that breaks while idle ends the process.
  pool.on('error', options.onConnectionError);
  try {
    await pool.query('SELECT 1');
    if (!options.allowUnsafeFsync) await refuseUnsafeSettings(pool);
  } catch (error) {
    await pool.close();
    throw error instanceof DatabaseOpenError ? error : connectionFailure(url, error);
  }
  const prisma = new PostgresqlClient({
    adapter: postgresqlAdapterFactory(pool, { onConnectionError: () => {} }),
    transactionOptions: options.transaction,
  });
  return {
    // Same models, same fields: what differs has no type (docs/decisions/0015).
    prisma: prisma as unknown as PrismaClient,
    hot: postgresqlHotReader(pool),
    write: postgresqlHotWriter(pool),
    run: statementRunner(numberQuestionMarks),
    waiting: () => pool.waitingCount,
    timeOfDay: async () => {
      const { rows } = await pool.query<{ ms: number }>(`SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::float8 AS ms`);
      return new Date(rows[0]!.ms);
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.close();
    },
  };
}
