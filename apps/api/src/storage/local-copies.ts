import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../time/clock.js';
import type { LocalCopy } from './blob-store.js';

export interface LocalCopiesOptions {
  /** On the same disk as the staging folder. */
  readonly folder: string;
  /** How many bytes are kept for the next time. */
  readonly limitBytes: number;
  /** A new name in a folder that goes with this process. */
  readonly draftPath: () => string;
  readonly clock: Clock;
}

/** The folder is looked through whenever this part of the limit has come in, and then has so much room again. */
const PARTS = 8;

/**
 * Copies of blobs that live elsewhere, named by their sha256, shared by all processes that use the folder. Whoever borrows one has a
 * hard link of his own in his staging folder: what is removed here stays for him, and what he leaves behind when he is killed goes with
 * that folder. Nothing here is synced, and so it is hashed again whenever it is borrowed.
 */
export class LocalCopies {
  readonly #options: LocalCopiesOptions;
  #cameIn = 0;

  private constructor(options: LocalCopiesOptions) {
    this.#options = options;
  }

  static async open(options: LocalCopiesOptions): Promise<LocalCopies> {
    await mkdir(options.folder, { recursive: true });
    const copies = new LocalCopies(options);
    await copies.#makeRoom();
    return copies;
  }

  /** `fetch` writes the bytes to a new file, checked, where there is no sound copy of them. */
  async borrow(sha256: string, fetch: (file: string) => Promise<void>): Promise<LocalCopy> {
    const file = this.#options.draftPath();
    const giveBack = () => rm(file, { force: true });
    try {
      if (!(await this.#linkSound(sha256, file))) {
        await fetch(file);
        await this.#share(sha256, () => link(file, this.#path(sha256)), file);
      }
    } catch (error) {
      await giveBack();
      throw error;
    }
    return { path: file, giveBack };
  }

  /** Takes a file over whose bytes were just checked. It is gone from its place afterwards, whether there was room or not. */
  async takeIn(file: string, sha256: string): Promise<void> {
    await this.#share(sha256, () => rename(file, this.#path(sha256)), file);
    await rm(file, { force: true });
  }

  /** Without it everything goes on: the next one fetches the bytes again. */
  async #share(sha256: string, share: () => Promise<void>, file: string): Promise<void> {
    const { limitBytes } = this.#options;
    try {
      const { size } = await stat(file);
      if (size > limitBytes) return;
      await share();
      this.#cameIn += size;
      if (this.#cameIn >= limitBytes / PARTS) await this.#makeRoom();
    } catch {
      await rm(this.#path(sha256), { force: true }).catch(() => {});
    }
  }

  async #linkSound(sha256: string, file: string): Promise<boolean> {
    try {
      await link(this.#path(sha256), file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    if ((await hashOf(file)) === sha256) {
      const now = this.#options.clock.now();
      await utimes(file, now, now);
      return true;
    }
    await rm(this.#path(sha256), { force: true });
    await rm(file, { force: true });
    return false;
  }

  /** Removes what was longest unused, and what is no copy. */
  async #makeRoom(): Promise<void> {
    const { folder, limitBytes } = this.#options;
    this.#cameIn = 0;
    const found: { file: string; size: number; usedAt: number }[] = [];
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name);
      const facts = await stat(file).catch(() => undefined);
      if (facts) found.push({ file, size: isSha256(name) ? facts.size : Number.POSITIVE_INFINITY, usedAt: facts.mtimeMs });
    }
    const least = (limitBytes / PARTS) * (PARTS - 1);
    let kept = 0;
    for (const { file, size } of found.sort((a, b) => b.usedAt - a.usedAt)) {
      if (kept + size <= least) kept += size;
      else await rm(file, { recursive: true, force: true });
    }
  }

  #path(sha256: string): string {
    if (!isSha256(sha256)) throw new Error(`not a sha256: ${sha256}`);
    return path.join(this.#options.folder, sha256);
  }
}

const isSha256 = (text: string) => /^[0-9a-f]{64}$/.test(text);

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), hash);
  return hash.digest('hex');
}
