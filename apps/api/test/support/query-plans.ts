import type { HotQuery } from '@vergeai/db';
import type { Context } from '../../src/context.js';
import type { TestApi } from './api.js';

/** A query as it was asked. */
export interface Query {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Notes what hot queries are asked of the database. */
export const notingQueries =
  (queries: Query[]) =>
  (ctx: Context): Context => {
    const { hot } = ctx.db;
    const note = <Values>({ sql, bind }: HotQuery<Values, unknown>, values: Values) => void queries.push({ sql, params: bind(values) });
    const noted: typeof hot = {
      all: (query, values) => (note(query, values), hot.all(query, values)),
      get: (query, values) => (note(query, values), hot.get(query, values)),
    };
    return { ...ctx, db: { ...ctx.db, hot: noted } };
  };

/** How the database goes about a query; PostgreSQL only reads a table from end to end then if it has no other way. */
export async function planOf({ ctx }: TestApi, { sql, params }: Query): Promise<string[]> {
  const isPostgresql = ctx.db.kind === 'postgresql';
  return ctx.db.prisma.$transaction(async (tx) => {
    if (isPostgresql) await tx.$executeRawUnsafe('SET LOCAL enable_seqscan = off');
    let at = 0;
    const text = isPostgresql ? sql.replaceAll('?', () => `$${++at}`) : sql;
    const rows = await tx.$queryRawUnsafe<Array<Record<string, unknown>>>(`${isPostgresql ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${text}`, ...params);
    return rows.map((row) => String(row['detail'] ?? row['QUERY PLAN']));
  });
}
