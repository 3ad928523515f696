import { closeSync, openSync, readSync } from 'node:fs';
import { InvalidModel, modelFormats, type FormatName, type ModelLayout } from '@vergeai/domain';

export interface InspectTask {
  readonly path: string;
  readonly format: FormatName;
  readonly expected?: ModelLayout;
}

/** An invalid model is a normal answer here: errors lose their class between threads. */
export type Inspection =
  | { readonly layout: ModelLayout; readonly invalid?: never }
  | { readonly layout?: never; readonly invalid: { readonly message: string; readonly pointer: string } };

/** For every file that a thread reads, one after the other: buffers that wait to be collected add up. */
const block = new Uint8Array(256 * 1024);

/** Runs in a worker thread, where reading blocks nobody, or anywhere for a small file. Memory: one block, whatever the file's size. */
export default function inspect({ path, format, expected }: InspectTask): Inspection {
  const checker = modelFormats[format].check(expected);
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, block); length > 0; length = readSync(file, block)) checker.write(block.subarray(0, length));
    return { layout: checker.end() };
  } catch (error) {
    if (error instanceof InvalidModel) return { invalid: { message: error.message, pointer: error.pointer } };
    throw error;
  } finally {
    closeSync(file);
  }
}
