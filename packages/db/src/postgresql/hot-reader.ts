import { types as driverTypes, type Pool, type CustomTypesConfig } from 'pg';
import type { HotParameter, HotReader } from '../hot-reader.js';
import { numberParameters } from './question-marks.js';

const { builtins, getTypeParser } = driverTypes;

/** As HotReader promises; the driver's own default reads times in the zone of this machine and bigint as text. */
const types: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === builtins.INT8) return BigInt;
    if (oid === builtins.TIMESTAMP) return (text: string) => new Date(`${text.replace(' ', 'T')}Z`);
    return getTypeParser(oid, format) as unknown;
  },
};

export function postgresqlHotReader(pool: Pool): HotReader {
  const queries = new Map<string, { name: string; text: string }>();

  const named = (sql: string) => {
    let query = queries.get(sql);
    if (!query) {
      query = { name: `hot_${queries.size + 1}`, text: numberParameters(sql) };
      queries.set(sql, query);
    }
    return query;
  };
  const all = async <Row extends object>(sql: string, params: readonly HotParameter[] = []): Promise<Row[]> => {
    const { rows } = await pool.query({ ...named(sql), values: params.map(toPostgresql), types });
    return rows as Row[];
  };
  return { all, get: async <Row extends object>(sql: string, params?: readonly HotParameter[]) => (await all<Row>(sql, params))[0] };
}

/** Columns are timestamps in UTC; the driver would write a Date in the zone of this machine. */
function toPostgresql(value: HotParameter): unknown {
  if (value === undefined) throw new TypeError('A undefined cannot be a parameter of a query.');
  return value instanceof Date ? value.toISOString().slice(0, -1) : value;
}
