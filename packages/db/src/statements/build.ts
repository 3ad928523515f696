import { DummyDriver, expressionBuilder, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Tables } from '../tables.js';

/**
 * Builds statements over the tables and columns of schema.prisma, and nothing that is not there compiles. It only makes
 * texts: it has no connection. The text is one for both databases, with `?` for each parameter.
 */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** For a condition that is a part of several statements: `over('Experiment as e')` makes expressions about that table. */
export const over = <Table extends keyof Tables, Alias extends string>(_table: `${Table} as ${Alias}`) =>
  expressionBuilder<Tables & { [Name in Alias]: Tables[Table] }, Alias>();
