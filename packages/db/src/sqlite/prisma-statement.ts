import { ColumnTypeEnum, type ColumnType, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils';
import type Database from 'better-sqlite3';
import { declaredType, typeOfValues } from './column-types.js';
import { toPrisma, toSqlite, type Bindable } from './convert.js';

/** A compiled statement that takes Prisma's parameters and gives Prisma's results. */
export class PrismaStatement {
  readonly #statement: Database.Statement<unknown[], unknown>;
  readonly #names: string[];
  readonly #types: (ColumnType | null)[];

  constructor(statement: Database.Statement<unknown[], unknown>) {
    this.#statement = statement;
    const columns = statement.reader ? statement.columns() : [];
    this.#names = columns.map((column) => column.name);
    this.#types = columns.map((column) => declaredType(column.type));
    if (!statement.reader) return;
    statement.raw(true);
    // Reading every integer as bigint is slow; only these columns can hold one that a number cannot.
    statement.safeIntegers(this.#types.some((type) => type === null || type === ColumnTypeEnum.Int64));
  }

  /** True when it gives rows and cannot change any, RETURNING and WITH … UPDATE included. */
  get onlyReads(): boolean {
    return this.#statement.reader && this.#statement.readonly;
  }

  /** @throws SqliteError */
  query(query: SqlQuery): SqlResultSet {
    if (!this.#statement.reader) {
      this.#statement.run(...bind(query));
      return { columnNames: [], columnTypes: [], rows: [] };
    }
    const rows = this.#statement.all(...bind(query)) as unknown[][];
    const columnTypes = this.#types.map((type, column) => type ?? typeOfValues(valuesOf(rows, column)));
    for (const row of rows) {
      for (let column = 0; column < row.length; column++) row[column] = toPrisma(row[column], columnTypes[column]!);
    }
    return { columnNames: this.#names, columnTypes, rows };
  }

  /**
   * @returns how many rows were changed
   * @throws SqliteError
   */
  execute(query: SqlQuery): number {
    if (!this.#statement.reader) return this.#statement.run(...bind(query)).changes;
    return this.#statement.all(...bind(query)).length;
  }
}

function bind({ args, argTypes }: SqlQuery): Bindable[] {
  return args.map((value, index) => toSqlite(value, argTypes[index]));
}

function* valuesOf(rows: readonly unknown[][], column: number): Iterable<unknown> {
  for (const row of rows) yield row[column];
}
