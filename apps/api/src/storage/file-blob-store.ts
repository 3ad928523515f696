import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Refusal } from '../refusal.js';
import type { BlobStore, ByteRange, StagedBlob, StagedUpload } from './blob-store.js';
import { Staging } from './staging.js';
import { syncFolder } from '../sync-folder.js';
import { writeStream } from './write-stream.js';

export interface FileBlobStoreOptions {
  readonly dir: string;
  /** Uploads are refused while the disk has less than this free. */
  readonly minFreeBytes: number;
  /** Called when the disk fails to make bytes durable: nothing it says can be trusted after that. */
  readonly onFatal: (error: unknown) => void;
}

/** Blobs as files below one folder; the key is the path. */
export class FileBlobStore implements BlobStore {
  readonly #options: FileBlobStoreOptions;
  readonly #staging: Staging;
  readonly #blobs: string;

  private constructor(options: FileBlobStoreOptions, staging: Staging) {
    this.#options = options;
    this.#staging = staging;
    this.#blobs = path.join(options.dir, 'models');
  }

  static async open(options: FileBlobStoreOptions): Promise<FileBlobStore> {
    const store = new FileBlobStore(options, await Staging.open(path.join(options.dir, 'staging')));
    await mkdir(store.#blobs, { recursive: true });
    await syncFolder(options.dir);
    return store;
  }

  async stage(source: Readable, limitOf: (head: Uint8Array) => number): Promise<StagedUpload> {
    const file = this.draftPath();
    try {
      const hash = createHash('sha256');
      const { size, head } = await writeStream(source, file, {
        limitOf,
        onBytes: (bytes) => hash.update(bytes),
        requireSpace: () => this.#requireSpace(),
      });
      return { ...this.adopt(file, { size, sha256: hash.digest('hex') }), head };
    } catch (error) {
      await rm(file, { force: true });
      throw asRefusal(error);
    } finally {
      source.destroy();
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const handle = await open(this.#path(key)).catch((error: unknown) => {
      throw notThere(error) ? new Refusal('model_not_found') : error;
    });
    return createReadStream('', { fd: handle, ...range, highWaterMark: 256 * 1024 });
  }

  async localPath(key: string): Promise<string> {
    return Promise.resolve(this.#path(key));
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async removeFolder(folder: string): Promise<void> {
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
    await this.#staging.removeOthers();
  }

  async close(): Promise<void> {
    await this.#staging.close();
  }

  #path(key: string): string {
    if (!/^[\w-]+(\/[\w.-]+)?$/.test(key) || key.includes('..')) throw new Error(`not a blob key: ${key}`);
    return path.join(this.#blobs, key);
  }

  async #requireSpace(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#blobs);
    if (bavail * bsize < this.#options.minFreeBytes) throw new Refusal('storage_full');
  }

  draftPath(): string {
    return path.join(this.#staging.folder, randomUUID());
  }

  adopt(file: string, facts: { readonly size: number; readonly sha256: string }): StagedBlob {
    let kept = false;
    // Begun at once, so that the disk works while the model is being checked.
    const onDisk = this.#sync(file);
    onDisk.catch(() => {});
    return {
      ...facts,
      path: file,
      keep: async (key) => {
        await onDisk;
        const target = this.#path(key);
        const folder = path.dirname(target);
        // Again, should removeFolder have come in between.
        await this.#rename(file, target).catch((error: unknown) => {
          if (!notThere(error)) throw error;
          return this.#rename(file, target);
        });
        kept = true;
        await this.#durably(() => syncFolder(folder));
      },
      discard: async () => {
        await onDisk.catch(() => {});
        if (!kept) await rm(file, { force: true });
      },
    };
  }

  async #rename(file: string, target: string): Promise<void> {
    if (await mkdir(path.dirname(target), { recursive: true })) await this.#durably(() => syncFolder(this.#blobs));
    await rename(file, target);
  }

  async #sync(file: string): Promise<void> {
    const handle = await open(file, 'r+');
    try {
      await this.#durably(() => handle.sync());
    } finally {
      await handle.close();
    }
  }

  async #durably(sync: () => Promise<void>): Promise<void> {
    try {
      await sync();
    } catch (error) {
      this.#options.onFatal(error);
      throw error;
    }
  }
}

const notThere = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

function asRefusal(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Refusal('storage_full', undefined, { cause: error });
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return new Refusal('incomplete_body', undefined, { cause: error });
  return error;
}
