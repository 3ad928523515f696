import { randomBytes } from 'node:crypto';
import { statSync, truncateSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import path from 'node:path';
import { isFull } from '../errors.js';

/**
 * Enough for a log that has grown to the checkpoint that no longer fits, for what that checkpoint adds to the file, and
 * for the deletion itself.
 */
const RESERVED_BYTES = 8 * 1024 * 1024;
/** Not zeros: a file system that compresses would keep nothing for them. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Room on the disk beside the database, taken up by a file that says nothing. On a full disk it is given up to who
 * starts, and to what deletes: SQLite writes down what it deletes before it has the room that this makes.
 */
export class Reserve {
  readonly #file: string;
  #filling = Promise.resolve();

  constructor(database: string) {
    this.#file = `${database}-reserve`;
  }

  /** Takes what is missing, as far as the disk has it. Never rejects: whatever the reason, there is less of it then. */
  fill(): Promise<void> {
    this.#filling = this.#filling.then(() => fill(this.#file).catch(() => {}));
    return this.#filling;
  }

  /** Resolves when nothing is being written to it any more. */
  filled(): Promise<void> {
    return this.#filling;
  }

  /** Whether the disk has less left than is kept back. */
  async isScarce(): Promise<boolean> {
    const disk = await statfs(path.dirname(this.#file)).catch(() => undefined);
    return disk !== undefined && disk.bavail * disk.bsize < RESERVED_BYTES;
  }

  /** Runs `work`, and once more with the reserve given up when there was no room for it. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.#filling;
      if (!this.giveUp()) throw error;
    }
    return work();
  }

  /** Gives false when there is nothing to give. */
  giveUp(): boolean {
    try {
      if (statSync(this.#file).size === 0) return false;
      truncateSync(this.#file);
      return true;
    } catch {
      return false;
    }
  }
}

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    const block = randomBytes(BLOCK_BYTES);
    for (let { size } = await handle.stat(); size < RESERVED_BYTES; size += (await handle.write(block, 0, Math.min(BLOCK_BYTES, RESERVED_BYTES - size))).bytesWritten);
  } finally {
    await handle.close();
  }
}
