import type { Readable } from 'node:stream';
import { Refusal } from '../refusal.js';
import type { BlobStore } from '../storage/blob-store.js';
import type { BackedUpBlob } from './backup-folder.js';

/** The server has the bytes no more, or others: another try finds the same. */
export class LostBlob extends Error {}

export const otherBytes = (): LostBlob => new LostBlob('its bytes are not those that were stored');

/** The bytes of a blob that a row names. Throws a LostBlob when the storage has none; whatever else it throws may pass. */
export const readKept = (storage: BlobStore, { key }: BackedUpBlob): Promise<Readable> =>
  storage.read(key).catch((error: unknown) => {
    throw error instanceof Refusal && error.code === 'model_not_found' ? new LostBlob('its bytes are not there', { cause: error }) : error;
  });

/** What an attempt found to be lost; undefined: nothing. What may pass is thrown: without it, what was made would pass for whole. */
export const lossIn = (attempt: Promise<unknown>): Promise<LostBlob | undefined> =>
  attempt.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof LostBlob) return error;
      throw error;
    },
  );
