import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Reads whole blocks at places of one's choice. */
export interface BlockFile {
  /** Fills `into` from byte `position` on. Throws when the file ends before. */
  read(into: Uint8Array, position: number): void;
  close(): void;
}

export function openBlockFile(path: string): BlockFile {
  const file = openSync(path, 'r');
  return {
    read(into, position) {
      for (let done = 0; done < into.length; ) {
        const length = readSync(file, into, done, into.length - done, position + done);
        if (length === 0) throw new Error('a stored update is shorter than it was');
        done += length;
      }
    },
    close: () => closeSync(file),
  };
}

/** What a file was written to be. */
export interface Written {
  readonly size: number;
  readonly sha256: string;
}

/** Appends, all of it, and keeps count. */
export interface OutputFile {
  append(bytes: Uint8Array): void;
  close(): Written;
}

export function createOutputFile(path: string): OutputFile {
  const file = openSync(path, 'w', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  return {
    append(bytes) {
      hash.update(bytes);
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      size += bytes.length;
    },
    close() {
      closeSync(file);
      return { size, sha256: hash.digest('hex') };
    },
  };
}
