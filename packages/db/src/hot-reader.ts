/** What a hot query can take for a `?`. */
export type HotParameter = string | number | bigint | boolean | Date | Uint8Array | null;

/** What a hot query gives, the same on both databases; see HotReader. */
export type HotValue = string | number | bigint | boolean | Date | Uint8Array | null;

export type HotRow = Record<string, HotValue>;

/** A SELECT whose text is made once; its values come with each call. `query` makes one from the builder. */
export interface HotQuery<Values, Row> {
  /** With `?` for parameters and double quotes around every table and column: one text for both databases. */
  readonly sql: string;
  bind(values: Values): readonly HotParameter[];
  /** Its text is one of very many, so that none is kept for the next time. */
  readonly isOneOfMany?: true;
  /** Only for the compiler: what a row is. */
  readonly row?: Row;
}

/** What a query gives. */
export type RowOf<Query> = Query extends HotQuery<never, infer Row> ? Row : never;

/**
 * SELECTs for the few paths that run on every request, past Prisma and its cost. Each text is compiled once per
 * connection, so it has to be constant; `queryOf` makes one of a text that is not.
 *
 * Columns come back by their type in schema.prisma: Int and Float as number, BigInt as bigint, Boolean as boolean,
 * DateTime as Date, Bytes as Uint8Array, String and enums as string. Expressions have no such type, and SQLite and
 * PostgreSQL differ there: write `CAST(count(*) AS INTEGER)` for a number, and select a Boolean or DateTime as a bare
 * column. Reads what is committed, never an open transaction.
 *
 * SQLite answers at once and PostgreSQL later, so await the result; throws (or rejects) with the driver's error, or
 * TypeError for a text that is no plain SELECT.
 */
export interface HotReader {
  all<Values, Row>(query: HotQuery<Values, Row>, values: Values): Row[] | Promise<Row[]>;
  /** The first row. */
  get<Values, Row>(query: HotQuery<Values, Row>, values: Values): Row | undefined | Promise<Row | undefined>;
}
