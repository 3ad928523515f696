import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { SettingsError, type Config } from '../config.js';
import { openStorage } from '../start/open-context.js';
import type { BlobStore } from '../storage/blob-store.js';
import { Turns } from '../storage/turns.js';
import type { Clock } from '../time/clock.js';
import type { BackedUpBlob } from './backup-folder.js';
import { keptBlobs } from './kept-blobs.js';
import { lossIn, otherBytes, readKept } from './lost-blob.js';
import { openAsItIs } from './open-as-it-is.js';
import type { Progress } from './progress.js';
import { takeIn } from './take-in.js';

export interface CopiedModels {
  readonly blobs: number;
  /** Bytes of them all, and of those that were not there yet, or were others there. */
  readonly bytes: number;
  readonly copied: number;
  /** Sentences about blobs that are not where they are to be copied from. */
  readonly lost: readonly string[];
}

/** Each is a file on this disk for a while, and waits for a store far away. */
const COPIES_AT_ONCE = 4;

/**
 * Copies every blob that the server keeps to another storage, while it runs or not. One that is there already is left, unless `check` is
 * set: then its bytes are read, and others are replaced. A storage has a blob under its name only once it is whole, so a copy that broke off
 * goes on where it was. Throws a SettingsError.
 */
export async function copyToStorage(config: Config, to: Config, { clock, check }: { readonly clock: Clock; readonly check: boolean }, progress: Progress): Promise<CopiedModels> {
  if (placeOf(config) === placeOf(to)) throw new SettingsError('The models are there already: --to is the storage that STORAGE_URL names.');
  const fatal = (error: unknown): never => {
    throw error;
  };
  if (!existsSync(config.dataDir)) throw new SettingsError(`There is no folder ${config.dataDir}. Give the settings that the server has: DATA_DIR, DATABASE_URL.`);
  const from = await openStorage(config, clock, fatal);
  let target: BlobStore | undefined;
  try {
    // Among the half-made files, of which nothing stays behind.
    const wanted = await wantedBlobs(config, from.draftPath());
    target = await openStorage(to, clock, fatal);
    const there = new Set<string>();
    for await (const { key } of target.list()) there.add(key);
    return await copyAll(wanted, { from, target, isThere: async (blob) => there.has(blob.key) && (!check || !(await lossIn(requireWhole(target!, blob)))) }, progress);
  } finally {
    await target?.close();
    await from.close();
  }
}

interface Way {
  readonly from: BlobStore;
  readonly target: BlobStore;
  isThere(blob: BackedUpBlob): Promise<boolean>;
}

async function copyAll(wanted: readonly BackedUpBlob[], way: Way, progress: Progress): Promise<CopiedModels> {
  const turns = new Turns(COPIES_AT_ONCE);
  const lost: string[] = [];
  let [bytes, copied] = [0, 0];
  let failed: { error: unknown } | undefined;
  const copyOne = async (blob: BackedUpBlob) => {
    if (failed) return;
    const fresh = !(await way.isThere(blob));
    const fault = fresh ? await lossIn(copyAcross(way, blob)) : undefined;
    if (fault) lost.push(`${blob.key}: ${fault.message}`);
    else bytes += blob.size;
    if (fresh && !fault) copied += blob.size;
    progress.advance();
  };
  progress.begin(wanted.length);
  // What is under way ends before the storages are closed.
  await Promise.all(wanted.map((blob) => turns.take(() => copyOne(blob)).catch((error: unknown) => void (failed ??= { error }))));
  if (failed) throw failed.error;
  return { blobs: wanted.length - lost.length, bytes, copied, lost };
}

async function copyAcross({ from, target }: Way, blob: BackedUpBlob): Promise<void> {
  if (!(await takeIn(target, blob, await readKept(from, blob)))) throw otherBytes();
}

/** Throws a LostBlob when the bytes in the storage are not the blob's. */
async function requireWhole(storage: BlobStore, blob: BackedUpBlob): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of (await readKept(storage, blob)) as AsyncIterable<Buffer>) hash.update(chunk);
  if (hash.digest('hex') !== blob.sha256) throw otherBytes();
}

async function wantedBlobs(config: Config, copy: string): Promise<BackedUpBlob[]> {
  const db = await openAsItIs(config, copy);
  try {
    return await keptBlobs(db);
  } finally {
    await db.close();
  }
}

const placeOf = ({ storage }: Config): string => (storage.kind === 'folder' ? storage.dir : [storage.endpoint, storage.bucket, storage.prefix].join(' '));
