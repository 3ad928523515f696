/** What a hot query can take for a `?`. */
export type HotParameter = string | number | bigint | boolean | Date | Uint8Array | null;

/** What a hot query gives, the same on both databases; see HotReader. */
export type HotValue = string | number | bigint | boolean | Date | Uint8Array | null;

export type HotRow = Record<string, HotValue>;

/**
 * Hand-written SELECTs for the few paths that run on every request, past Prisma and its cost.
 *
 * One text serves both databases: `?` for parameters, in order, and double quotes around every table and column, since
 * PostgreSQL folds bare names to lower case. Each text is compiled once per connection, so it has to be constant.
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
  all<Row extends object = HotRow>(sql: string, params?: readonly HotParameter[]): Row[] | Promise<Row[]>;
  /** The first row. */
  get<Row extends object = HotRow>(sql: string, params?: readonly HotParameter[]): Row | undefined | Promise<Row | undefined>;
}
