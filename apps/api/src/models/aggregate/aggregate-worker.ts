import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, openSync, readSync, statSync } from 'node:fs';
import type { ModelLayout } from '@vergeai/domain';
import { aggregateJson } from './aggregate-json.js';
import { aggregateSafetensors } from './aggregate-safetensors.js';
import type { UpdateFile } from './aggregator.js';
import type { Written } from './block-file.js';

export interface AggregateTask {
  readonly updates: readonly UpdateFile[];
  readonly layout: ModelLayout;
  readonly output: string;
}

export interface HashTask {
  readonly files: ReadonlyArray<{ readonly path: string; readonly sha256: string }>;
}

/** For every file that this thread reads, one after the other: buffers that wait to be collected add up. */
const block = new Uint8Array(256 * 1024);

export function aggregate({ updates, layout, output }: AggregateTask): Written {
  const [only, ...others] = updates;
  if (only && others.length === 0) return copy(only, output);
  return layout.format === 'json' ? aggregateJson(updates, layout, output) : aggregateSafetensors(updates, layout, output);
}

/** The mean of one is that one: the very bytes, whatever the numbers' text looked like. */
function copy({ path, sha256 }: UpdateFile, output: string): Written {
  copyFileSync(path, output, constants.COPYFILE_FICLONE);
  return { size: statSync(output).size, sha256 };
}

/** Throws when a file does not have the bytes it was registered with. */
export function verify({ files }: HashTask): void {
  for (const { path, sha256 } of files) {
    if (hashOf(path) !== sha256) throw new Error(`a stored update no longer has the bytes it was submitted with (sha256 ${sha256})`);
  }
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, block); length > 0; length = readSync(file, block)) hash.update(block.subarray(0, length));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
