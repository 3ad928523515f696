import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { ByteSource, ByteStore } from '@vergeai/domain';
import { SteadySync } from '../../storage/steady-sync.js';
import type { Written } from './aggregator.js';

/** A job may have thousands of updates, and the whole process a thousand files open at once. */
const OPEN_AT_ONCE = 32;

/** The files of one aggregation, of which no more than a few are open: the one that waited longest is closed for the next. */
export class FilesInTurn {
  /** By path, the longest unused first. */
  readonly #open = new Map<string, number>();
  readonly #rooms = new Set<string>();

  /** A file to read blocks of, at places of one's choice. */
  source(path: string): ByteSource {
    const { size } = fstatSync(this.#descriptor(path, 'r'));
    return { size, read: (into, position) => readAt(this.#descriptor(path, 'r'), into, position) };
  }

  /** A new file for numbers, which is gone after `close`. */
  room(path: string): ByteStore {
    closeSync(openSync(path, 'w', 0o600));
    this.#rooms.add(path);
    let size = 0;
    return {
      append: (bytes) => {
        writeAll(this.#descriptor(path, 'r+'), bytes, size);
        size += bytes.length;
      },
      read: (into, position) => readAt(this.#descriptor(path, 'r+'), into, position),
    };
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
    for (const path of this.#rooms) rmSync(path, { force: true });
  }

  #descriptor(path: string, flags: 'r' | 'r+'): number {
    const known = this.#open.get(path);
    if (known !== undefined) this.#open.delete(path);
    else if (this.#open.size >= OPEN_AT_ONCE) this.#closeLongestUnused();
    const file = known ?? openSync(path, flags);
    this.#open.set(path, file);
    return file;
  }

  #closeLongestUnused(): void {
    const [path, file] = this.#open.entries().next().value!;
    closeSync(file);
    this.#open.delete(path);
  }
}

export interface OutputFile {
  append(bytes: Uint8Array): void;
  /** What it was written to be so far. */
  written(): Written;
  close(): void;
}

/** A new file that is made durable as it grows. Should the disk fail at that, nothing was promised yet: the whole file is given up. */
export function createOutputFile(path: string, sync: (file: number) => void = fdatasyncSync): OutputFile {
  const file = openSync(path, 'w', 0o600);
  const hash = createHash('sha256');
  const steadily = new SteadySync();
  let size = 0;
  return {
    append(bytes) {
      hash.update(bytes);
      writeAll(file, bytes, size);
      size += bytes.length;
      if (steadily.isDue(bytes.length)) sync(file);
    },
    written: () => ({ size, sha256: hash.digest('hex') }),
    close: () => closeSync(file),
  };
}

export function readAt(file: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const length = readSync(file, into, done, into.length - done, position + done);
    if (length === 0) throw new Error('a stored update is shorter than it was');
    done += length;
  }
}

export function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
