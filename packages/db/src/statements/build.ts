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

type Aliased = `${keyof Tables} as ${string}`;
type AliasOf<Name> = Name extends `${string} as ${infer Alias}` ? Alias : never;
type TableOf<Name> = Name extends `${infer Table extends keyof Tables} as ${string}` ? Tables[Table] : never;

/** For what is a part of several statements: `over('Job as j', 'JobDevice as d')` makes expressions about these tables. */
export const over = <Names extends Aliased>(..._tables: readonly Names[]) => expressionBuilder<Tables & { [Name in Names as AliasOf<Name>]: TableOf<Name> }, AliasOf<Names>>();
