import type Database from 'better-sqlite3';
import { isSqliteFatal } from './sqlite-error.js';

/** The transactions that share one BEGIN … COMMIT, and with it one fsync and one fate. */
export class Batch {
  readonly #connection: Database.Database;
  readonly #settled: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #size = 0;
  #lostBecause: Error | undefined;

  constructor(connection: Database.Database) {
    this.#connection = connection;
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A batch of which every member rolled back has nobody who waits for its end.
    this.#settled.catch(() => {});
  }

  /** How many have joined. */
  get size(): number {
    return this.#size;
  }

  /** SQLite has rolled the whole transaction back by itself, as it may when the disk is full, or the disk failed. */
  get isLost(): boolean {
    return this.#lostBecause !== undefined;
  }

  get lostBecause(): Error | undefined {
    return this.#lostBecause;
  }

  /** A number for the next member, unique in this batch. */
  join(): number {
    return ++this.#size;
  }

  /**
   * Runs statements of one member.
   *
   * @throws what they throw, or why the batch was lost: outside of its transaction each would commit on its own
   */
  run<T>(work: () => T): T {
    if (this.#lostBecause) throw this.#lostBecause;
    try {
      return work();
    } catch (error) {
      if (!this.#connection.inTransaction || isSqliteFatal(error)) this.lose(error as Error);
      throw error;
    }
  }

  /** For SQL that Turn itself needs. */
  exec(sql: string): void {
    this.run(() => this.#connection.exec(sql));
  }

  /** What cannot be undone alone takes all members with it. */
  lose(error: Error): void {
    this.#lostBecause ??= error;
  }

  /** Resolves once the batch is on disk; rejects if none of it is. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** Resolves at the end of the batch, whatever it is. */
  settledOrLost(): Promise<void> {
    return this.#settled.catch(() => {});
  }

  succeed(): void {
    this.#resolve();
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}
