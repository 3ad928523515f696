import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { lockFile } from '@vergeai/db';

/**
 * A folder for half-made files that is this process's own. A lock beside it, which the kernel drops with the process,
 * tells the others whether it is still in use.
 */
export class Staging {
  readonly folder: string;
  readonly #root: string;
  readonly #unlock: () => void;

  private constructor(root: string, folder: string, unlock: () => void) {
    this.#root = root;
    this.folder = folder;
    this.#unlock = unlock;
  }

  static async open(root: string): Promise<Staging> {
    const folder = path.join(root, randomUUID());
    await mkdir(root, { recursive: true });
    const unlock = lockFile(lockOf(folder));
    if (!unlock) throw new Error(`${folder} is in use, though its name was just made up`);
    await mkdir(folder);
    return new Staging(root, folder, unlock);
  }

  /** Removes the folders of processes that are gone. */
  async removeOthers(now: Date): Promise<void> {
    const names = new Set((await readdir(this.#root)).map((name) => name.replace(/\.lock.*$/, '')));
    for (const name of names) {
      const folder = path.join(this.#root, name);
      if (folder === this.folder || (await isBeingMade(folder, now))) continue;
      const unlock = lockFile(lockOf(folder));
      if (!unlock) continue;
      await rm(folder, { recursive: true, force: true });
      unlock();
      await rm(lockOf(folder), { force: true });
    }
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    this.#unlock();
    await rm(lockOf(this.folder), { force: true });
  }
}

const lockOf = (folder: string) => `${folder}.lock`;

const MAKING_TAKES_MS = 60_000;

/** A lock without a folder: of a process that is about to make it or, when it is old, that died before it could. */
async function isBeingMade(folder: string, now: Date): Promise<boolean> {
  if (await stat(folder).catch(() => undefined)) return false;
  const lock = await stat(lockOf(folder)).catch(() => undefined);
  return lock !== undefined && now.getTime() - lock.mtimeMs < MAKING_TAKES_MS;
}
