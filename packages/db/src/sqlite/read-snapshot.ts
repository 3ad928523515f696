import type Database from 'better-sqlite3';

/**
 * Lets the reads of one turn of the event loop share one read transaction, for beginning and ending one costs more than
 * a read by key. It ends with the turn, and before that as soon as something is committed, so that every read sees what
 * was committed before it, as if it stood alone.
 */
export class ReadSnapshot {
  readonly #connection: Database.Database;
  readonly #begin: Database.Statement;
  readonly #end: Database.Statement;
  readonly #endWithTurn = () => this.end();

  constructor(connection: Database.Database) {
    this.#connection = connection;
    this.#begin = connection.prepare('BEGIN');
    this.#end = connection.prepare('COMMIT');
  }

  /** Before a read. */
  join(): void {
    if (this.#connection.inTransaction) return;
    this.#begin.run();
    setImmediate(this.#endWithTurn);
  }

  /** After a commit, and before the connection is closed. */
  end(): void {
    if (this.#connection.inTransaction) this.#end.run();
  }
}
