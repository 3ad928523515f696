import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { HEAD_BYTES } from '@vergeai/domain';
import { modelTooLarge, Refusal } from '../refusal.js';
import { SteadySync } from './steady-sync.js';

export interface Intake {
  /** Asked once, with the first bytes (at least HEAD_BYTES, unless there are fewer in all): how many may come. */
  readonly limitOf: (head: Uint8Array) => number;
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly requireSpace: () => Promise<void>;
  /** Makes durable what was written to the file so far; called as it grows, not at its end. */
  readonly sync: (handle: FileHandle) => Promise<void>;
}

const FLUSH_BYTES = 256 * 1024;
const SPACE_CHECK_BYTES = 64 * 1024 * 1024;

export interface Intaken {
  readonly size: number;
  /** The first bytes, HEAD_BYTES of them unless there are fewer in all. */
  readonly head: Uint8Array;
  /** The file, still open. */
  readonly handle: FileHandle;
}

/**
 * Writes a stream to a new file. Chunks are gathered into writes of about 256 KiB, since every upload under way holds
 * two of them; one is being written while the next chunks arrive. What was written is synced step by step, a step while the next
 * one is written.
 */
export async function writeStream(source: Readable, file: string, intake: Intake): Promise<Intaken> {
  const handle = await open(file, 'wx', 0o600);
  try {
    return { ...(await pump(source, handle, intake)), handle };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function pump(source: Readable, handle: FileHandle, intake: Intake): Promise<Omit<Intaken, 'handle'>> {
  let size = 0;
  let limit = Number.POSITIVE_INFINITY;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  let syncing: Promise<void> = Promise.resolve();
  let isGivenUp = false;
  const steadily = new SteadySync();
  // From the first chunk on. Not before it: a request that nobody has begun to read could not be answered any more.
  let checkSpaceAt = 0;
  let head: Uint8Array | undefined;

  const learnLimit = (): Uint8Array => {
    const first = Uint8Array.from(Buffer.concat(gathered).subarray(0, HEAD_BYTES));
    limit = intake.limitOf(first);
    return first;
  };
  const flush = async () => {
    await writing;
    const batch = gathered;
    const isDue = steadily.isDue(gatheredBytes);
    gathered = [];
    gatheredBytes = 0;
    writing = writeAll(handle, batch);
    writing.catch(() => {});
    if (!isDue) return;
    await syncing;
    syncing = writing.then(() => (isGivenUp ? undefined : intake.sync(handle)));
    syncing.catch(() => {});
  };

  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      gathered.push(chunk);
      gatheredBytes += chunk.length;
      if (!head && size >= HEAD_BYTES) head = learnLimit();
      if (size > limit) throw modelTooLarge(limit);
      intake.onBytes(chunk);
      if (gatheredBytes >= FLUSH_BYTES) await flush();
      if (size >= checkSpaceAt) {
        checkSpaceAt += SPACE_CHECK_BYTES;
        await intake.requireSpace();
      }
    }
    if (size === 0) throw new Refusal('empty_model');
    head ??= learnLimit();
    if (size > limit) throw modelTooLarge(limit);
    await flush();
    await Promise.all([writing, syncing]);
    return { size, head };
  } catch (error) {
    // Nothing is synced that is about to be closed: a sync that fails ends the process.
    isGivenUp = true;
    await Promise.allSettled([writing, syncing]);
    throw error;
  }
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const wanted = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten === wanted) return;
  // A short write is legal; what is left goes as one piece.
  let rest = Buffer.concat(chunks).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await handle.write(rest)).bytesWritten);
}
