import { closeSync, openSync, readSync } from 'node:fs';
import { InvalidModel, modelFormats, type FormatName, type ModelLayout } from '@vergeai/domain';
import type { Inspected } from './model-inspector.js';

export interface InspectTask {
  readonly path: string;
  readonly format: FormatName;
  readonly maxTensors: number;
  /** The layout that it is held to, as JSON. */
  readonly expected?: string;
}

/** An invalid model is a normal answer here: errors lose their class between threads. */
export type Inspection = { readonly valid: Inspected; readonly invalid?: never } | { readonly valid?: never; readonly invalid: { readonly message: string; readonly pointer: string } };

/** For every file that a thread reads, one after the other: buffers that wait to be collected add up. */
const block = new Uint8Array(256 * 1024);

/** Runs in a worker thread, where reading blocks nobody, or anywhere for a small file. Memory: one block and the layout, whatever the file's size. */
export default function inspect({ path, format, maxTensors, expected: text }: InspectTask): Inspection {
  const expected = text === undefined ? undefined : parsed(text);
  // What was taken as a start model is taken as an update, also when the limit was lowered in between.
  const checker = modelFormats[format].check(expected, Math.max(maxTensors, expected?.tensors.length ?? 0));
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, block); length > 0; length = readSync(file, block)) checker.write(block.subarray(0, length));
    const layout = checker.end();
    return { valid: { tensors: layout.tensors.length, layout: expected ? '' : JSON.stringify(layout) } };
  } catch (error) {
    if (error instanceof InvalidModel) return { invalid: { message: error.message, pointer: error.pointer } };
    throw error;
  } finally {
    closeSync(file);
  }
}

let last: { readonly text: string; readonly layout: ModelLayout } | undefined;

/** Updates of one job come together, and are held to the same layout. */
function parsed(text: string): ModelLayout {
  if (last?.text !== text) last = { text, layout: JSON.parse(text) as ModelLayout };
  return last.layout;
}
