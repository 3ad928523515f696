import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery, SqlResultSet, Transaction } from '@prisma/driver-adapter-utils';
import type Database from 'better-sqlite3';
import { PrismaStatement } from './prisma-statement.js';
import { asDriverError } from './sqlite-error.js';
import { StatementCache } from './statement-cache.js';
import type { Turn } from './turn.js';
import type { Writer } from './writer.js';

const INFO = { provider: 'sqlite', adapterName: '@vergeai/db' } as const;

export interface SqliteConnections {
  writer: Writer;
  writing: Database.Database;
  /** query_only; sees what is committed and nothing else. */
  reading: Database.Database;
  close: () => Promise<void>;
}

/**
 * Prisma's driver for SQLite. Prisma's own adapter has one connection, so that a query issued while a transaction is
 * open joins that transaction and vanishes with it; here reads go to a second connection and writes through Writer.
 */
export function sqliteAdapterFactory(connections: SqliteConnections): SqlDriverAdapterFactory {
  const adapter = sqliteAdapter(connections);
  return { ...INFO, connect: async () => adapter };
}

function sqliteAdapter({ writer, writing, reading, close }: SqliteConnections): SqlDriverAdapter {
  const forWriting = new StatementCache(writing, writingStatement);
  const forReading = new StatementCache(reading, (statement) => new PrismaStatement(statement));

  return {
    ...INFO,
    queryRaw: (query) =>
      asPrismaError(async () => {
        const reads = mayOnlyRead(query.sql) ? forReading.get(query.sql) : undefined;
        if (reads?.onlyReads) return reads.query(query);
        return await writer.write(() => forWriting.get(query.sql).query(query));
      }),
    executeRaw: (query) => asPrismaError(() => writer.write(() => forWriting.get(query.sql).execute(query))),
    executeScript: (script) => asPrismaError(() => writer.write(() => void writing.exec(script))),
    // SQLite's transactions are serializable: whatever level is asked for, it gets at least that.
    startTransaction: () => asPrismaError(async () => transaction(await writer.begin(), writing, forWriting)),
    dispose: close,
  };
}

function transaction(turn: Turn, writing: Database.Database, statements: StatementCache<PrismaStatement>): Transaction {
  const exec = (sql: string) => asPrismaError(async () => void turn.run(() => writing.exec(sql)));
  return {
    ...INFO,
    // Prisma then calls commit() and rollback() instead of sending COMMIT and ROLLBACK, which would end the batch.
    options: { usePhantomQuery: true },
    queryRaw: (query: SqlQuery): Promise<SqlResultSet> => asPrismaError(async () => turn.run(() => statements.get(query.sql).query(query))),
    executeRaw: (query: SqlQuery): Promise<number> => asPrismaError(async () => turn.run(() => statements.get(query.sql).execute(query))),
    commit: () => asPrismaError(() => turn.commit()),
    rollback: () => asPrismaError(() => turn.rollback()),
    createSavepoint: (name) => exec(`SAVEPOINT ${name}`),
    rollbackToSavepoint: (name) => exec(`ROLLBACK TO ${name}`),
    releaseSavepoint: (name) => exec(`RELEASE ${name}`),
  };
}

/** A hint that spares the reader writes it could only refuse; what the statement does is asked of SQLite. */
function mayOnlyRead(sql: string): boolean {
  return /^\s*(SELECT|WITH|VALUES|EXPLAIN)\b/i.test(sql);
}

function writingStatement(statement: Database.Statement<unknown[], unknown>): PrismaStatement {
  if (/^\s*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i.test(statement.source)) {
    throw new Error('Transactions are begun and ended by $transaction only: a statement of one caller would end those of others.');
  }
  return new PrismaStatement(statement);
}

async function asPrismaError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asDriverError(error);
  }
}
