import { types as driverTypes, type Pool, type CustomTypesConfig } from 'pg';
import type { HotQuery, HotReader } from '../hot-reader.js';
import { toPostgresql } from './parameters.js';
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
  const all = async <Values, Row>({ sql, isOneOfMany, bind }: HotQuery<Values, Row>, values: Values): Promise<Row[]> => {
    const { rows } = await pool.query({ ...(isOneOfMany ? { text: numberParameters(sql) } : named(sql)), values: bind(values).map(toPostgresql), types });
    return rows as Row[];
  };
  return { all, get: async <Values, Row>(query: HotQuery<Values, Row>, values: Values) => (await all(query, values))[0] };
}
