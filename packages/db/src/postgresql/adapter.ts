import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError, type SqlDriverAdapter, type SqlDriverAdapterFactory, type SqlQuery, type Transaction } from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';

/** Prisma's SQL varies with the length of its lists; so many texts stay prepared on each connection. */
const PREPARED = 500;

export interface PostgresqlAdapterOptions {
  /** A connection broke while it was idle or in a transaction. The pool replaces it. */
  onConnectionError: (error: Error) => void;
}

/** Prisma's own driver for PostgreSQL, with prepared statements and an honest COMMIT. */
export function postgresqlAdapterFactory(pool: Pool, { onConnectionError }: PostgresqlAdapterOptions): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, {
    disposeExternalPool: false,
    onPoolError: onConnectionError,
    onConnectionError,
    // The types want a string; the driver prepares nothing without a name.
    statementNameGenerator: statementNames() as (query: SqlQuery) => string,
  });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => withHonestCommit(await factory.connect()),
  };
}

function statementNames(): (query: SqlQuery) => string | undefined {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= PREPARED || !/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql)) return known;
    const name = `prisma_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`;
    names.set(sql, name);
    return name;
  };
}

function withHonestCommit(adapter: SqlDriverAdapter): SqlDriverAdapter {
  return new Proxy(adapter, {
    get(target, key) {
      if (key === 'startTransaction') {
        return async (...args: Parameters<SqlDriverAdapter['startTransaction']>) => honestTransaction(await target.startTransaction(...args));
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}

/**
 * Once a statement has failed, PostgreSQL answers COMMIT with a silent ROLLBACK. A caller that caught the error of that
 * statement would be told that all is well, and everything would be gone.
 */
function honestTransaction(transaction: Transaction): Transaction {
  let failure: unknown;
  let last: Promise<unknown> = Promise.resolve();

  // Prisma asks for related rows side by side, and a connection of the driver is to be asked one thing at a time.
  const watching = async <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch((error: unknown) => {
      failure ??= error;
    });
    return mine;
  };
  const refuseSilentRollback = async () => {
    if (failure === undefined) return;
    await transaction.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] });
    throw new DriverAdapterError({
      kind: 'TransactionAlreadyClosed',
      cause: `A statement of this transaction had failed, so PostgreSQL has undone all of it: ${(failure as Error).message}`,
    });
  };

  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw: (query) => watching(() => transaction.queryRaw(query)),
    executeRaw: async (query) => {
      if (query.sql === 'COMMIT') await refuseSilentRollback();
      return await watching(() => transaction.executeRaw(query));
    },
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    createSavepoint: (name) => watching(() => transaction.createSavepoint!(name)),
    rollbackToSavepoint: async (name) => {
      await transaction.rollbackToSavepoint!(name);
      failure = undefined;
    },
    releaseSavepoint: (name) => watching(() => transaction.releaseSavepoint!(name)),
  };
}
