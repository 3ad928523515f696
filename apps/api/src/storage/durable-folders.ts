import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';

/**
 * Moves files into the folders below a root so that their names survive a power cut. A wait for the disk is shared by
 * all who can share it.
 */
export class DurableFolders {
  readonly #root: string;
  readonly #sync: (folder: string) => Promise<void>;
  /** Folders that this process has made, or found, and whose own names it knows to be on disk. */
  readonly #made = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** @param sync makes the names in a folder durable */
  constructor(root: string, sync: (folder: string) => Promise<void>) {
    this.#root = root;
    this.#sync = sync;
  }

  /** Gives a file the path `target`, in a folder right below the root that is made when it is not there. When this resolves it is on disk. */
  async moveIn(file: string, target: string): Promise<void> {
    const folder = path.dirname(target);
    await this.#make(folder);
    await rename(file, target).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // It was removed meanwhile, by this process or by another.
      this.forget(folder);
      await this.#make(folder);
      await rename(file, target);
    });
    await this.#syncAfterNow(folder);
  }

  /** A folder that is removed has to be made again. */
  forget(folder: string): void {
    this.#made.delete(folder);
  }

  /** Waits also for the one who makes it at this moment: that it is there does not mean that it is on disk. */
  #make(folder: string): Promise<void> {
    const known = this.#made.get(folder);
    if (known) return known;
    // Not `recursive`, which looks again when it is there already, and fails when it is gone by then.
    const making = mkdir(folder).catch(unlessThere).then(() => this.#syncAfterNow(this.#root));
    this.#made.set(folder, making);
    making.catch(() => this.forget(folder));
    return making;
  }

  /** A sync that is under way may have begun before the caller's name was there, so all who come meanwhile share the next one. */
  #syncAfterNow(folder: string): Promise<void> {
    const running = this.#running.get(folder);
    if (!running) return this.#begin(folder);
    const waiting = this.#next.get(folder);
    if (waiting) return waiting;
    const begin = () => {
      this.#next.delete(folder);
      return this.#begin(folder);
    };
    const next = running.then(begin, begin);
    this.#next.set(folder, next);
    return next;
  }

  #begin(folder: string): Promise<void> {
    const running = this.#sync(folder).finally(() => this.#running.delete(folder));
    this.#running.set(folder, running);
    return running;
  }
}

function unlessThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
