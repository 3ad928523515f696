import { createHash } from 'node:crypto';
import { rm, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Refusal, refusalForShortage } from '../refusal.js';
import { writeStream, type Intake } from './write-stream.js';

export interface StagedStream {
  readonly size: number;
  readonly sha256: string;
  readonly head: Uint8Array;
  /** The file, still open. */
  readonly handle: FileHandle;
}

/** Takes a stream into a new file, counted and hashed. Whatever goes wrong, the source is destroyed and the file is gone: see `BlobStore.stage`. */
export async function stageStream(source: Readable, file: string, intake: Omit<Intake, 'onBytes'>): Promise<StagedStream> {
  try {
    const hash = createHash('sha256');
    const written = await writeStream(source, file, { ...intake, onBytes: (bytes) => hash.update(bytes) });
    return { ...written, sha256: hash.digest('hex') };
  } catch (error) {
    await rm(file, { force: true });
    throw asRefusal(error);
  } finally {
    source.destroy();
  }
}

function asRefusal(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const shortage = refusalForShortage(error);
  if (shortage) return new Refusal(shortage, undefined, { cause: error });
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return new Refusal('incomplete_body', undefined, { cause: error });
  return error;
}
