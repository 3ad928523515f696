import type Database from 'better-sqlite3';

/** Prisma's SQL varies with the length of its lists; this many texts are kept compiled per connection. */
const KEPT = 500;

/** Compiles each SQL text once per connection; the least recently used one makes room. */
export class StatementCache<Compiled> {
  readonly #compile: (sql: string) => Compiled;
  readonly #compiled = new Map<string, Compiled>();

  /**
   * @param wrap what to keep of a freshly compiled statement; may throw to refuse it
   * @param textOf what to compile in a text's place
   */
  constructor(
    connection: Database.Database,
    wrap: (statement: Database.Statement<unknown[], unknown>) => Compiled,
    textOf = (sql: string) => sql,
  ) {
    this.#compile = (sql) => wrap(connection.prepare<unknown[], unknown>(textOf(sql)));
  }

  /** @throws SqliteError when the text does not compile */
  get(sql: string): Compiled {
    let compiled = this.#compiled.get(sql);
    if (compiled === undefined) {
      compiled = this.#compile(sql);
      if (this.#compiled.size >= KEPT) this.#compiled.delete(this.#compiled.keys().next().value!);
    } else {
      this.#compiled.delete(sql);
    }
    this.#compiled.set(sql, compiled);
    return compiled;
  }
}
