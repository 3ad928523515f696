import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { ByteSource, ByteStore } from '@vergeai/domain';
import type { Written } from './aggregator.js';

interface Closable {
  close(): void;
}

/** A file to read blocks of, at places of one's choice. */
export function openSourceFile(path: string): ByteSource & Closable {
  const file = openSync(path, 'r');
  return { size: fstatSync(file).size, read: (into, position) => readAt(file, into, position), close: () => closeSync(file) };
}

/** A file that is there for as long as it is open. */
export function createRoomFile(path: string): ByteStore & Closable {
  const file = openSync(path, 'w+', 0o600);
  return {
    append: (bytes) => writeAll(file, bytes),
    read: (into, position) => readAt(file, into, position),
    close() {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

export interface OutputFile extends Closable {
  append(bytes: Uint8Array): void;
  /** What it was written to be so far. */
  written(): Written;
}

export function createOutputFile(path: string): OutputFile {
  const file = openSync(path, 'w', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  return {
    append(bytes) {
      hash.update(bytes);
      writeAll(file, bytes);
      size += bytes.length;
    },
    written: () => ({ size, sha256: hash.digest('hex') }),
    close: () => closeSync(file),
  };
}

function readAt(file: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const length = readSync(file, into, done, into.length - done, position + done);
    if (length === 0) throw new Error('a stored update is shorter than it was');
    done += length;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
