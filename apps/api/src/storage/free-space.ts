import { statfs } from 'node:fs/promises';
import { Refusal } from '../refusal.js';
import type { Clock } from '../time/clock.js';

/** The disk is not asked again for so long after it had enough. */
const REMEMBERED_MS = 250;

/** Whether the disk has room for what is coming in. */
export class FreeSpace {
  readonly #folder: string;
  readonly #minFreeBytes: number;
  readonly #clock: Clock;
  #enoughAt = Number.NEGATIVE_INFINITY;

  constructor(folder: string, minFreeBytes: number, clock: Clock) {
    this.#folder = folder;
    this.#minFreeBytes = minFreeBytes;
    this.#clock = clock;
  }

  /** Throws a Refusal `storage_full`. */
  async require(): Promise<void> {
    if (this.#clock.monotonic() - this.#enoughAt < REMEMBERED_MS) return;
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < this.#minFreeBytes) throw new Refusal('storage_full');
    this.#enoughAt = this.#clock.monotonic();
  }
}
