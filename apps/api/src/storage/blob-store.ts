import type { Readable } from 'node:stream';

/** Bytes in a temporary file, counted and hashed, that belong to nobody yet. */
export interface StagedBlob {
  readonly size: number;
  readonly sha256: string;
  /** A local file to read them from until they are kept or discarded. */
  readonly path: string;
  /** Makes them durable under `key`: when this resolves they survive a power cut. */
  keep(key: string): Promise<void>;
  /** Removes them. After `keep` it does nothing. */
  discard(): Promise<void>;
}

/** A blob that came as a stream. */
export interface StagedUpload extends StagedBlob {
  /** The first bytes, as many as tell the format of a model unless there are fewer in all. */
  readonly head: Uint8Array;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

export interface LocalCopy {
  readonly path: string;
  giveBack(): Promise<void>;
}

/** Why a storage can't be used at all, in a sentence for the person who starts the server. */
export class StorageOpenError extends Error {}

/**
 * Where model bytes live. A key is given out once and its bytes never change;
 * the database says which keys are in use. One suite holds every implementation to this. One that is not on this machine's disk
 * throws a Refusal `busy` from anything that it does not answer in time: nothing was acknowledged then.
 */
export interface BlobStore {
  /**
   * Takes a stream in. `limitOf` is asked once, with the first bytes, how large it may become.
   * Whatever goes wrong, the source is destroyed and nothing is left behind.
   * Throws a Refusal: `model_too_large`, `empty_model`, `incomplete_body`, `storage_full`.
   */
  stage(source: Readable, limitOf: (head: Uint8Array) => number): Promise<StagedUpload>;
  /** Where a worker thread may write a file that is to become a blob. */
  draftPath(): string;
  /** Takes in a file written at a draft path, of which the writer tells size and sha256. */
  adopt(draft: string, written: { readonly size: number; readonly sha256: string }): StagedBlob;
  /**
   * A stream of the bytes, or of a part. Throws a Refusal: `model_not_found` when the key is unknown, `range_not_satisfiable` when the
   * part begins behind the bytes that are there; an Error when it ends behind them.
   */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /**
   * A local file with the bytes, for work that seeks in them, which is only read. It stays where it is until it is given back. `sha256` is
   * that of the bytes: a copy from elsewhere is held to it. Throws a Refusal: `model_not_found`, `busy`.
   */
  borrow(key: string, sha256: string): Promise<LocalCopy>;
  remove(key: string): Promise<void>;
  /** Removes every key that starts with `folder/`. */
  removeFolder(folder: string): Promise<void>;
  /** Every key with the time of its last change, in no order. */
  list(): AsyncIterable<{ key: string; changedAt: Date }>;
  /** Removes what processes that died left half-way; files of those that live stay. */
  removeLeftovers(): Promise<void>;
  close(): Promise<void>;
}
