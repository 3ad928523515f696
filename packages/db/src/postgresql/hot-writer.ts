import type { Pool, PoolClient } from 'pg';
import { requireChanges, type HotStatement, type HotWriter } from '../hot-writer.js';
import { toPostgresql } from './parameters.js';
import { numberQuestionMarks } from './question-marks.js';

/** One connection, one transaction, every statement prepared on it once. */
export function postgresqlHotWriter(pool: Pool): HotWriter {
  const prepared = new Map<string, { name: string; text: string }>();
  const named = (sql: string) => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = { name: `write_${prepared.size + 1}`, text: numberQuestionMarks(sql) };
      prepared.set(sql, statement);
    }
    return statement;
  };
  const run = async (client: PoolClient, statement: HotStatement) => {
    const { rowCount } = await client.query({ ...named(statement.sql), values: statement.params.map(toPostgresql) });
    requireChanges(statement, rowCount ?? 0);
  };

  return async (statements) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const noteBroken = (error: Error) => {
      broken = error;
    };
    // The pool listens only while a connection is idle. Without a listener one that breaks meanwhile ends the process.
    client.on('error', noteBroken);
    try {
      await client.query('BEGIN');
      // The first one that fails ends it: PostgreSQL answers the COMMIT of a failed transaction with a silent ROLLBACK.
      for (const statement of statements) await run(client, statement);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(noteBroken);
      throw error;
    } finally {
      client.off('error', noteBroken);
      client.release(broken);
    }
  };
}
