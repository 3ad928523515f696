import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Refusal, refusalForShortage } from '../refusal.js';
import type { Clock } from '../time/clock.js';
import { requireBlobKey } from './blob-key.js';
import type { BlobStore, ByteRange, LocalCopy, StagedBlob, StagedUpload } from './blob-store.js';
import { DurableFolders } from './durable-folders.js';
import { FreeSpace } from './free-space.js';
import { ReadAhead } from './read-ahead.js';
import { stageStream } from './stage-stream.js';
import { Staging } from './staging.js';
import { syncFolder } from './sync-folder.js';

export interface FileBlobStoreOptions {
  readonly dir: string;
  /** Uploads are refused while the disk has less than this free. */
  readonly minFreeBytes: number;
  readonly clock: Clock;
  /** Called when the disk fails to make bytes durable: nothing it says can be trusted after that. */
  readonly onFatal: (error: unknown) => void;
}

/** Blobs as files below one folder; the key is the path. */
export class FileBlobStore implements BlobStore {
  readonly #options: FileBlobStoreOptions;
  readonly #staging: Staging;
  readonly #blobs: string;
  readonly #folders: DurableFolders;
  readonly #space: FreeSpace;
  readonly #readAhead = new ReadAhead();

  private constructor(options: FileBlobStoreOptions, staging: Staging) {
    this.#options = options;
    this.#staging = staging;
    this.#blobs = path.join(options.dir, 'models');
    this.#folders = new DurableFolders(this.#blobs, (folder) => this.#durably(() => syncFolder(folder).catch(unlessGone)));
    this.#space = new FreeSpace(this.#blobs, options.minFreeBytes, options.clock);
  }

  static async open(options: FileBlobStoreOptions): Promise<FileBlobStore> {
    const store = new FileBlobStore(options, await Staging.open(path.join(options.dir, 'staging')));
    await mkdir(store.#blobs, { recursive: true });
    await syncFolder(options.dir);
    return store;
  }

  async stage(source: Readable, limitOf: (head: Uint8Array) => number): Promise<StagedUpload> {
    const file = this.draftPath();
    const { size, sha256, head, handle } = await stageStream(source, file, {
      limitOf,
      requireSpace: () => this.#space.require(),
      sync: (growing) => this.#durably(() => growing.datasync()),
    });
    return { ...this.#stagedBlob(file, { size, sha256 }, this.#sync(handle)), head };
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const handle = await open(this.#path(key)).catch((error: unknown) => {
      throw notThere(error) ? new Refusal('model_not_found') : error;
    });
    const { size } = await handle.stat();
    if (range && range.end >= size) {
      await handle.close();
      if (range.start >= size) throw new Refusal('range_not_satisfiable');
      throw new Error(`the blob ${key} was cut on the disk: it has ${size} bytes and should have ${range.end + 1} or more`);
    }
    const { blockBytes, over } = this.#readAhead.begin();
    return createReadStream('', { fd: handle, ...range, highWaterMark: blockBytes }).once('close', over);
  }

  async borrow(key: string): Promise<LocalCopy> {
    return Promise.resolve({ path: this.#path(key), giveBack: () => Promise.resolve() });
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async removeFolder(folder: string): Promise<void> {
    this.#folders.forget(this.#path(folder));
    // Again, should a blob be kept in it meanwhile.
    await rm(this.#path(folder), { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  }

  async *list(): AsyncIterable<{ key: string; changedAt: Date }> {
    for (const folder of await readdir(this.#blobs)) {
      for (const name of await readdir(path.join(this.#blobs, folder)).catch(() => [])) {
        const key = `${folder}/${name}`;
        const found = await stat(this.#path(key)).catch(() => undefined);
        if (found) yield { key, changedAt: found.mtime };
      }
    }
  }

  async removeLeftovers(): Promise<void> {
    await this.#staging.removeOthers(this.#options.clock.now());
  }

  async close(): Promise<void> {
    await this.#staging.close();
  }

  #path(key: string): string {
    return path.join(this.#blobs, requireBlobKey(key));
  }

  draftPath(): string {
    return path.join(this.#staging.folder, randomUUID());
  }

  adopt(file: string, written: { readonly size: number; readonly sha256: string }): StagedBlob {
    return this.#stagedBlob(file, written, open(file, 'r+').then((handle) => this.#sync(handle)));
  }

  /** `onDisk` is begun before anybody asks for it, so that the disk works while the model is being checked. */
  #stagedBlob(file: string, facts: { readonly size: number; readonly sha256: string }, onDisk: Promise<void>): StagedBlob {
    let kept = false;
    onDisk.catch(() => {});
    return {
      ...facts,
      path: file,
      keep: async (key) => {
        await onDisk;
        await this.#folders.moveIn(file, this.#path(key)).catch(async (error: unknown) => {
          // It may have its name already, and nobody will ever ask for it by that.
          await this.remove(key);
          throw error;
        });
        kept = true;
      },
      discard: async () => {
        await onDisk.catch(() => {});
        if (!kept) await rm(file, { force: true });
      },
    };
  }

  async #sync(handle: FileHandle): Promise<void> {
    try {
      await this.#durably(() => handle.sync());
    } finally {
      await handle.close();
    }
  }

  /** That a file can't be opened, or a disk has no room, says nothing of what is on it; any other error may. */
  async #durably(sync: () => Promise<void>): Promise<void> {
    try {
      await sync();
    } catch (error) {
      if (!refusalForShortage(error)) this.#options.onFatal(error);
      throw error;
    }
  }
}

const notThere = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** A folder that was removed meanwhile has no names to keep. */
function unlessGone(error: unknown): void {
  if (!notThere(error)) throw error;
}
