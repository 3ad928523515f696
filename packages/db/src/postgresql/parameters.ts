import type { HotParameter } from '../hot-reader.js';

/** Columns are timestamps in UTC; the driver would write a Date in the zone of this machine. */
export function toPostgresql(value: HotParameter): unknown {
  if (value === undefined) throw new TypeError('A undefined cannot be a parameter of a query.');
  return value instanceof Date ? value.toISOString().slice(0, -1) : value;
}
