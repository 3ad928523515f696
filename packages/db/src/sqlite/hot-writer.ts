import type Database from 'better-sqlite3';
import { requireChanges, type HotStatement, type HotWriter } from '../hot-writer.js';
import { toSqlite } from './convert.js';
import { onePlan } from './one-plan.js';
import { asDriverError } from './sqlite-error.js';
import { StatementCache } from './statement-cache.js';
import type { Writer } from './writer.js';

export function sqliteHotWriter(writer: Writer, writing: Database.Database): HotWriter {
  const compiled = new StatementCache(writing, (statement) => statement, onePlan);
  // The writer has begun a transaction already, within which this becomes a savepoint.
  const runAll = writing.transaction((statements: readonly HotStatement[]) => {
    for (const statement of statements) {
      const { changes } = compiled.get(statement.sql).run(...statement.params.map((value) => toSqlite(value)));
      requireChanges(statement, changes);
    }
  });
  return (statements) =>
    writer
      .write(() => runAll(statements))
      .catch((error: unknown) => {
        throw asDriverError(error);
      });
}
