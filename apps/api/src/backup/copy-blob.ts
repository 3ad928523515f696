import { createHash } from 'node:crypto';
import { link, mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore } from '../storage/blob-store.js';
import { syncFolder } from '../storage/sync-folder.js';
import type { BackedUpBlob } from './backup-folder.js';
import { otherBytes, readKept } from './lost-blob.js';

/** Copies a blob of the store into a folder, durably but for the folder's names. Throws a LostBlob; whatever else it throws may pass. */
export async function copyBlob(storage: BlobStore, blob: BackedUpBlob, folder: string): Promise<void> {
  const file = path.join(folder, blob.key);
  const bytes = await readKept(storage, blob);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      hash.update(chunk);
      await handle.write(chunk);
    }
    if (hash.digest('hex') !== blob.sha256) throw otherBytes();
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Takes a blob from an earlier backup as a second name of the same bytes, which never change. False when that can't be. */
export async function linkBlob(earlier: string, { key, size }: BackedUpBlob, folder: string): Promise<boolean> {
  try {
    if ((await stat(path.join(earlier, key))).size !== size) return false;
    await mkdir(path.dirname(path.join(folder, key)), { recursive: true, mode: 0o700 });
    await link(path.join(earlier, key), path.join(folder, key));
    return true;
  } catch {
    // It has none, or this disk has no second names.
    return false;
  }
}

/** Makes the names of blobs durable, of those in the folders that they are in, and of these. */
export async function syncNames(folder: string, blobs: readonly BackedUpBlob[]): Promise<void> {
  for (const parent of new Set(blobs.map(({ key }) => path.dirname(key)))) await syncFolder(path.join(folder, parent));
  await syncFolder(folder);
}
