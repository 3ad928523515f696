import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, openSync, readSync, statSync } from 'node:fs';
import { keepsLoneUpdate } from '@vergeai/domain';
import type { Aggregated, Aggregation, ModelFile, NotFinite, Written } from './aggregator.js';
import { createOutputFile } from './files.js';
import { walk } from './walk.js';

export interface VerifyTask {
  readonly files: readonly ModelFile[];
}

/** For every file that this thread copies or hashes, one after the other: buffers that wait to be collected add up. */
const block = new Uint8Array(256 * 1024);

export function aggregate(aggregation: Aggregation): Aggregated | NotFinite {
  const { strategy, updates, output } = aggregation;
  const [only, ...others] = updates;
  if (only && others.length === 0 && keepsLoneUpdate(strategy)) return { ...copy(only, output), report: { coefficients: [1], selected: [true], norms: null, clipped: null, clippingNorm: null } };
  return walk(aggregation);
}

/** The very bytes, whatever the numbers' text looked like. */
function copy({ path, sha256 }: ModelFile, output: string): Written {
  if (shareBytes(path, output)) return { size: statSync(output).size, sha256 };
  const out = createOutputFile(output);
  try {
    for (const bytes of blocksOfFile(path)) out.append(bytes);
    return out.written();
  } finally {
    out.close();
  }
}

/** Whether the file system has made a second file of the same bytes without copying them; few can. */
function shareBytes(path: string, output: string): boolean {
  try {
    copyFileSync(path, output, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  }
}

/** Throws when a file does not have the bytes it was registered with. */
export function verify({ files }: VerifyTask): void {
  for (const { path, sha256 } of files) {
    if (hashOf(path) !== sha256) throw new Error(`a stored update no longer has the bytes it was submitted with (sha256 ${sha256})`);
  }
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  for (const bytes of blocksOfFile(path)) hash.update(bytes);
  return hash.digest('hex');
}

/** Each is good until the next is asked for. */
function* blocksOfFile(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, block); length > 0; length = readSync(file, block)) yield block.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
