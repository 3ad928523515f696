import type { Insertable } from 'kysely';
import type { Tables } from '../tables.js';
import type { HotParameter } from '../hot-reader.js';
import type { HotStatement } from '../hot-writer.js';

/** The statement that adds a row. The order of its members makes the text, so write them in the same order every time. */
export function insert<Table extends keyof Tables>(table: Table, row: Readonly<Insertable<Tables[Table]>>): HotStatement {
  const columns = Object.keys(row);
  return {
    sql: `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    params: Object.values<HotParameter>(row as Readonly<Record<string, HotParameter>>),
  };
}
