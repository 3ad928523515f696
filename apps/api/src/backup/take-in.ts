import type { Readable } from 'node:stream';
import type { BlobStore } from '../storage/blob-store.js';
import type { BackedUpBlob } from './backup-folder.js';

/** Puts bytes from elsewhere into a storage, if they are the blob's: false when they are others, and nothing is kept of them then. */
export async function takeIn(storage: BlobStore, { key, size, sha256 }: BackedUpBlob, bytes: Readable): Promise<boolean> {
  const staged = await storage.stage(bytes, () => Number.POSITIVE_INFINITY);
  try {
    if (staged.size !== size || staged.sha256 !== sha256) return false;
    await staged.keep(key);
    return true;
  } finally {
    await staged.discard();
  }
}
