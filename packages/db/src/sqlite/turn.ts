import type { Batch } from './batch.js';

/** One transaction's time on the writer. It ends with commit or rollback; until then nobody else writes. */
export class Turn {
  readonly #batch: Batch;
  readonly #savepoint: string;
  readonly #isFirst: boolean;
  #end!: () => void;
  #hasEnded = false;

  /** Resolves when the next one may write. Earlier than commit(), which waits for the disk. */
  readonly ended: Promise<void>;

  /** @throws SqliteError when the savepoint cannot be made */
  constructor(batch: Batch) {
    const number = batch.join();
    this.#batch = batch;
    this.#isFirst = number === 1;
    this.#savepoint = `turn_${number}`;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    batch.exec(`SAVEPOINT ${this.#savepoint}`);
  }

  /** @throws what the statement throws; Error when the transaction has ended, for then it would join another one */
  run<T>(statement: () => T): T {
    this.#refuseIfEnded();
    return this.#batch.run(statement);
  }

  /**
   * @returns once it is on disk
   * @throws why the batch was lost; then nothing of this transaction is there
   */
  async commit(): Promise<void> {
    this.#refuseIfEnded();
    this.#finish(`RELEASE ${this.#savepoint}`);
    await this.#batch.settled();
  }

  /**
   * Undoes this transaction. What it has read may stem from members before it, which are not on disk yet, so that an
   * answer based on that ("exists already") has to wait for them. Does nothing when the transaction has ended.
   */
  async rollback(): Promise<void> {
    if (this.#hasEnded) return;
    this.#finish(`ROLLBACK TO ${this.#savepoint}; RELEASE ${this.#savepoint}`);
    if (!this.#isFirst) await this.#batch.settledOrLost();
  }

  #finish(sql: string): void {
    this.#hasEnded = true;
    try {
      if (!this.#batch.isLost) this.#batch.exec(sql);
    } catch (error) {
      this.#batch.lose(error as Error);
    } finally {
      this.#end();
    }
  }

  #refuseIfEnded(): void {
    if (this.#hasEnded) throw new Error('This transaction has ended.');
  }
}
