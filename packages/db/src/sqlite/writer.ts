import type Database from 'better-sqlite3';
import { setImmediate as nextTurnOfTheEventLoop } from 'node:timers/promises';
import { Batch } from './batch.js';
import { isSqliteBusy, isSqliteFatal } from './sqlite-error.js';
import type { Commit } from '../open-options.js';
import { Turn } from './turn.js';

export interface WriterOptions {
  /** How long to wait for another process that holds the lock before giving up with SQLITE_BUSY, in milliseconds. */
  busyTimeoutMs: number;
  /** At most this many transactions share one COMMIT. */
  maxBatchSize: number;
  /** Nobody joins a batch that began longer ago than this, in milliseconds. */
  maxBatchMs: number;
  /** Something new can be read; nobody has been told yet. */
  onCommit: (commit: Commit) => void;
  /** The disk has failed under us. Called once; after it every write is refused with the same error. */
  onFatal: (error: Error) => void;
}

/** Takes its place in a batch. A promise: the batch waits for it. */
type Member = { join: (batch: Batch) => void | Promise<void>; reject: (error: unknown) => void };

/** Pause before the lock is tried again, in milliseconds. */
const BUSY_PAUSE_MS = 5;

/**
 * The only way to write: first come, first served, on one connection.
 *
 * An fsync takes longer than a transaction, so those that wait share one ("group commit"): each is a savepoint inside
 * one BEGIN IMMEDIATE … COMMIT. None is acknowledged before that COMMIT has succeeded, all are refused if it fails,
 * and one that rolls back undoes its own savepoint only. When nobody waits, COMMIT follows at once.
 */
export class Writer {
  readonly #connection: Database.Database;
  readonly #options: WriterOptions;
  readonly #queue: Member[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;
  #failure: Error | undefined;

  constructor(connection: Database.Database, options: WriterOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /**
   * Runs one statement; SQLite undoes a statement that fails by itself.
   *
   * @returns its result, once that is on disk
   * @throws what the statement throws, or why its batch was lost
   */
  write<T>(statement: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#enqueue({
        reject,
        join: (batch) => {
          batch.join();
          try {
            const result = batch.run(statement);
            batch.settled().then(() => resolve(result), reject);
          } catch (error) {
            void batch.settledOrLost().then(() => reject(error));
          }
        },
      });
    });
  }

  /**
   * Begins a transaction: nobody else writes until it has ended.
   *
   * @throws SqliteError SQLITE_BUSY when another process keeps the lock
   */
  begin(): Promise<Turn> {
    return new Promise<Turn>((resolve, reject) => {
      this.#enqueue({
        reject,
        join: (batch) => {
          try {
            const turn = new Turn(batch);
            resolve(turn);
            return turn.ended;
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  /** How many wait for a batch that takes them on. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Refuses new writes and lets those that wait finish. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  #enqueue(member: Member): void {
    if (this.#failure) return member.reject(this.#failure);
    if (this.#isClosed) return member.reject(new Error('The database is closed.'));
    this.#queue.push(member);
    this.#running ??= this.#runBatches();
  }

  async #runBatches(): Promise<void> {
    while (this.#queue.length > 0) {
      // COMMIT blocks this thread for as long as the disk takes: requests that have arrived meanwhile get to join.
      await nextTurnOfTheEventLoop();
      try {
        await this.#patiently('BEGIN IMMEDIATE');
      } catch (error) {
        // All of them wait for the same lock, and none has begun.
        this.#rejectWaiting(error);
        continue;
      }
      await this.#runBatch(new Batch(this.#connection));
    }
    // In the same breath as the look at the queue: whoever comes next starts anew.
    this.#running = undefined;
  }

  async #runBatch(batch: Batch): Promise<void> {
    const beganAt = performance.now();
    const { maxBatchSize, maxBatchMs } = this.#options;
    do {
      const member = this.#queue.shift()!;
      const turn = member.join(batch);
      if (turn) await turn;
    } while (this.#queue.length > 0 && !batch.isLost && batch.size < maxBatchSize && performance.now() - beganAt < maxBatchMs);
    await this.#commit(batch);
  }

  async #commit(batch: Batch): Promise<void> {
    let failure = batch.lostBecause;
    if (failure === undefined) {
      try {
        const beganAt = performance.now();
        await this.#patiently('COMMIT');
        this.#options.onCommit({ transactions: batch.size, seconds: (performance.now() - beganAt) / 1000 });
        return batch.succeed();
      } catch (error) {
        failure = error as Error;
      }
    }
    this.#rollback();
    batch.fail(failure);
    this.#stopIfFatal(failure);
  }

  /** Leaves the connection ready for the next BEGIN, or stops writing altogether. */
  #rollback(): void {
    if (!this.#connection.inTransaction) return;
    try {
      this.#connection.exec('ROLLBACK');
    } catch (error) {
      if (this.#connection.inTransaction) this.#stop(error as Error);
    }
  }

  /** The connection's own busy timeout would block every request of this process, so waiting is done here. */
  async #patiently(sql: 'BEGIN IMMEDIATE' | 'COMMIT'): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      try {
        this.#connection.exec(sql);
        return;
      } catch (error) {
        if (!isSqliteBusy(error) || performance.now() - startedAt >= this.#options.busyTimeoutMs) {
          this.#stopIfFatal(error);
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
      }
    }
  }

  #rejectWaiting(error: unknown): void {
    for (const member of this.#queue.splice(0)) member.reject(error);
  }

  #stopIfFatal(error: unknown): void {
    if (isSqliteFatal(error)) this.#stop(error as Error);
  }

  #stop(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#rejectWaiting(error);
    this.#options.onFatal(error);
  }
}
