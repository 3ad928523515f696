import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../refusal.js';
import type { Clock } from '../time/clock.js';
import { isBlobKey, requireBlobKey } from './blob-key.js';
import type { BlobStore, ByteRange, LocalCopy, StagedBlob, StagedUpload } from './blob-store.js';
import { FreeSpace } from './free-space.js';
import { LocalCopies } from './local-copies.js';
import { S3Bucket, type BucketOptions } from './s3-bucket.js';
import { asOpenError, asRefusal, statusOf } from './s3-failure.js';
import { stageStream } from './stage-stream.js';
import { Staging } from './staging.js';
import { Turns } from './turns.js';

export interface S3BlobStoreOptions extends BucketOptions {
  /** For what is staged, and for local copies. */
  readonly dir: string;
  /** Uploads are refused while the disk of that folder has less than this free. */
  readonly minFreeBytes: number;
  /** How many bytes of local copies are kept for the next time. */
  readonly copiesBytes: number;
  readonly clock: Clock;
}

/** Each holds up to two parts of 5 MiB in memory. */
const UPLOADS_AT_ONCE = 8;
const FETCHES_AT_ONCE = 8;
const REMOVALS_AT_ONCE = 8;
/** A file on this disk is in the store long before that. */
const UPLOAD_TAKES_MS = 24 * 60 * 60 * 1000;
const CANNOT_LIST_UPLOADS: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);

/** Blobs as objects of an S3 bucket; the key follows the prefix and `models/`. What comes in is staged on this machine, and checked before it goes up. */
export class S3BlobStore implements BlobStore {
  readonly #options: S3BlobStoreOptions;
  readonly #bucket: S3Bucket;
  readonly #staging: Staging;
  readonly #copies: LocalCopies;
  readonly #space: FreeSpace;
  readonly #uploads = new Turns(UPLOADS_AT_ONCE);
  readonly #fetches = new Turns(FETCHES_AT_ONCE);

  private constructor(options: S3BlobStoreOptions, bucket: S3Bucket, staging: Staging, copies: LocalCopies) {
    this.#options = options;
    this.#bucket = bucket;
    this.#staging = staging;
    this.#copies = copies;
    this.#space = new FreeSpace(staging.folder, options.minFreeBytes, options.clock);
  }

  /** Throws a StorageOpenError when the bucket can't be reached or used. */
  static async open(options: S3BlobStoreOptions): Promise<S3BlobStore> {
    // As on disk, so that either can be copied to the other; and the clean-up looks at nothing else.
    const bucket = new S3Bucket({ ...options, prefix: `${options.prefix}models/` }, options.clock);
    try {
      await bucket.probe();
    } catch (error) {
      bucket.close();
      throw asOpenError(error, options);
    }
    const staging = await Staging.open(path.join(options.dir, 'staging'));
    const copies = await LocalCopies.open({
      folder: path.join(options.dir, 'copies'),
      limitBytes: options.copiesBytes,
      draftPath: () => path.join(staging.folder, randomUUID()),
      clock: options.clock,
    });
    return new S3BlobStore(options, bucket, staging, copies);
  }

  async stage(source: Readable, limitOf: (head: Uint8Array) => number): Promise<StagedUpload> {
    const file = this.draftPath();
    // Not synced: it counts for nothing until the store has it.
    const { size, sha256, head, handle } = await stageStream(source, file, { limitOf, requireSpace: () => this.#space.require(), sync: () => Promise.resolve() });
    await handle.close();
    return { ...this.adopt(file, { size, sha256 }), head };
  }

  draftPath(): string {
    return path.join(this.#staging.folder, randomUUID());
  }

  adopt(file: string, facts: { readonly size: number; readonly sha256: string }): StagedBlob {
    let kept = false;
    return {
      ...facts,
      path: file,
      keep: async (key) => {
        requireBlobKey(key);
        // Should it fail, the object may be there all the same, or come yet; the clean-up finds it without a row.
        await this.#uploads.take(() => refusing(this.#bucket.put(key, file, facts)));
        kept = true;
        await this.#copies.takeIn(file, facts.sha256);
      },
      discard: async () => {
        if (!kept) await rm(file, { force: true });
      },
    };
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const { body, size } = await this.#get(key, range);
    if (range && range.end >= size) {
      body.destroy();
      if (range.start >= size) throw new Refusal('range_not_satisfiable');
      throw new Error(`the blob ${key} was cut in the store: it has ${size} bytes and should have ${range.end + 1} or more`);
    }
    return body;
  }

  async borrow(key: string, sha256: string): Promise<LocalCopy> {
    return this.#copies.borrow(sha256, (file) => this.#fetches.take(() => this.#fetch(key, file, sha256)));
  }

  async #fetch(key: string, file: string, sha256: string): Promise<void> {
    const hash = createHash('sha256');
    const { body } = await this.#get(key);
    const hashed = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await refusing(pipeline(body, hashed, createWriteStream(file, { flags: 'wx', mode: 0o600 })));
    if (hash.digest('hex') !== sha256) throw new Error(`the blob ${key} has changed in the store: its sha256 is not ${sha256}`);
  }

  async #get(key: string, range?: ByteRange): ReturnType<S3Bucket['get']> {
    try {
      return await this.#bucket.get(requireBlobKey(key), range);
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) throw new Refusal('model_not_found', undefined, { cause: error });
      if (status === 416) throw new Refusal('range_not_satisfiable', undefined, { cause: error });
      throw asRefusal(error);
    }
  }

  async remove(key: string): Promise<void> {
    await refusing(this.#bucket.remove(requireBlobKey(key)));
  }

  /** One by one: not every store knows how to delete several with one request. */
  async removeFolder(folder: string): Promise<void> {
    const turns = new Turns(REMOVALS_AT_ONCE);
    const names: string[] = [];
    const listing = async () => {
      for await (const { name } of this.#bucket.list(`${requireBlobKey(folder)}/`)) names.push(name);
    };
    await refusing(listing());
    await refusing(Promise.all(names.map((name) => turns.take(() => this.#bucket.remove(name)))));
  }

  async *list(): AsyncIterable<{ key: string; changedAt: Date }> {
    try {
      // Other objects are not ours.
      for await (const { name, changedAt } of this.#bucket.list()) if (name.includes('/') && isBlobKey(name)) yield { key: name, changedAt };
    } catch (error) {
      throw asRefusal(error);
    }
  }

  async removeLeftovers(): Promise<void> {
    const now = this.#options.clock.now();
    await this.#staging.removeOthers(now);
    await this.#bucket.abortUploadsFrom(new Date(now.getTime() - UPLOAD_TAKES_MS)).catch((error: unknown) => {
      // Some stores have no list of them, and it is a right of its own: a rule of the bucket's can do it instead.
      if (!CANNOT_LIST_UPLOADS.has(statusOf(error) ?? 0)) throw asRefusal(error);
    });
  }

  async close(): Promise<void> {
    this.#bucket.close();
    await this.#staging.close();
  }
}

const refusing = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw asRefusal(error);
  });
