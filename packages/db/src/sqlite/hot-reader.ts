import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type Database from 'better-sqlite3';
import type { HotParameter, HotQuery, HotReader } from '../hot-reader.js';
import { declaredType } from './column-types.js';
import { toSqlite } from './convert.js';
import { onePlan } from './one-plan.js';
import type { ReadSnapshot } from './read-snapshot.js';
import { StatementCache } from './statement-cache.js';

type Row = Record<string, unknown>;

/** @param reading a connection that nobody writes on */
export function sqliteHotReader(reading: Database.Database, snapshot: ReadSnapshot): HotReader {
  const statements = new StatementCache(reading, hotStatement, onePlan);
  const statement = (sql: string) => {
    const compiled = statements.get(sql);
    snapshot.join();
    return compiled;
  };
  return {
    all: <V, R>({ sql, bind: valuesOf }: HotQuery<V, R>, values: V) => statement(sql).all(valuesOf(values)) as R[],
    get: <V, R>({ sql, bind: valuesOf }: HotQuery<V, R>, values: V) => statement(sql).get(valuesOf(values)) as R | undefined,
  };
}

function hotStatement(statement: Database.Statement<unknown[], unknown>) {
  if (!statement.reader || !statement.readonly) throw new TypeError(`A hot query must be a SELECT: ${statement.source}`);
  const conversions = conversionsOf(statement);
  const convert = (row: Row): Row => {
    for (const [column, conversion] of conversions) {
      const value = row[column];
      if (value !== null) row[column] = conversion(value);
    }
    return row;
  };
  return {
    all: (params: readonly HotParameter[]) => (statement.all(...bind(params)) as Row[]).map(convert),
    get: (params: readonly HotParameter[]) => {
      const row = statement.get(...bind(params)) as Row | undefined;
      return row && convert(row);
    },
  };
}

function bind(params: readonly HotParameter[]) {
  return params.map((value) => toSqlite(value));
}

/** Only for the columns that SQLite stores in another shape. */
function conversionsOf(statement: Database.Statement<unknown[], unknown>): [string, (value: unknown) => unknown][] {
  const columns = statement.columns().map(({ name, type }) => ({ name, type: declaredType(type) }));
  // bigint is all or nothing per statement: with it on, the other integers have to be brought back.
  const hasBigInt = columns.some(({ type }) => type === ColumnTypeEnum.Int64);
  statement.safeIntegers(hasBigInt);
  return columns.flatMap(({ name, type }): [string, (value: unknown) => unknown][] => {
    if (type === ColumnTypeEnum.DateTime) return [[name, (value) => new Date(Number(value))]];
    if (type === ColumnTypeEnum.Boolean) return [[name, (value) => Boolean(Number(value))]];
    if (!hasBigInt || type === ColumnTypeEnum.Int64) return [];
    return [[name, (value) => (typeof value === 'bigint' ? Number(value) : value)]];
  });
}
