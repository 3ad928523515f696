import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { createJsonModelReader, createJsonModelWriter, elementCount, fedAvg, type ModelLayout } from '@vergeai/domain';
import type { UpdateFile } from './aggregator.js';
import { createOutputFile, openBlockFile, type Written } from './block-file.js';

const BLOCK_ELEMENTS = 32 * 1024;
const NUMBER_BYTES = 8;
const TEXT_BYTES = 256 * 1024;

/** Numbers of one JSON update as raw float64, with where each tensor begins, counted in numbers. */
interface Numbers {
  readonly path: string;
  readonly begins: ReadonlyMap<string, number>;
}

/**
 * The mean of JSON models. Text has no place to seek to, so every update is first written as raw numbers beside the
 * output; from there on it is the same walk, block by block, as for binary models.
 */
export function aggregateJson(updates: readonly UpdateFile[], layout: ModelLayout, output: string): Written {
  const rawPaths = updates.map((_update, index) => `${output}.${index}`);
  try {
    const numbers = updates.map(({ path }, index) => extractNumbers(path, rawPaths[index]!));
    return writeMean(updates, numbers, layout, output);
  } finally {
    for (const path of rawPaths) rmSync(path, { force: true });
  }
}

function extractNumbers(path: string, rawPath: string): Numbers {
  const begins = new Map<string, number>();
  let written = 0;
  const raw = createOutputFile(rawPath);
  const text = openSync(path, 'r');
  try {
    const reader = createJsonModelReader({
      onTensorStart: (name) => void begins.set(name, written),
      onValues: (values) => {
        raw.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        written += values.length;
      },
    });
    const chunk = new Uint8Array(TEXT_BYTES);
    for (let length = readSync(text, chunk); length > 0; length = readSync(text, chunk)) reader.write(chunk.subarray(0, length));
    reader.end();
  } finally {
    closeSync(text);
    raw.close();
  }
  return { path: rawPath, begins };
}

function writeMean(updates: readonly UpdateFile[], numbers: readonly Numbers[], layout: ModelLayout, output: string): Written {
  const coefficients = fedAvg.coefficients(updates.map(({ numExamples }) => numExamples));
  const reducer = fedAvg.reducer('F64', BLOCK_ELEMENTS);
  const writer = createJsonModelWriter(layout);
  const bytes = new Uint8Array(BLOCK_ELEMENTS * NUMBER_BYTES);
  const files = numbers.map(({ path }) => openBlockFile(path));
  try {
    const out = createOutputFile(output);
    for (const { name, shape } of layout.tensors) {
      const count = elementCount(shape);
      for (let at = 0; at < count; at += BLOCK_ELEMENTS) {
        const length = Math.min(BLOCK_ELEMENTS, count - at);
        const block = bytes.subarray(0, length * NUMBER_BYTES);
        reducer.begin(length);
        files.forEach((file, index) => {
          file.read(block, (numbers[index]!.begins.get(name)! + at) * NUMBER_BYTES);
          reducer.add(block, coefficients[index]!);
        });
        const mean = reducer.finish();
        out.append(writer.write(new Float64Array(mean.buffer, mean.byteOffset, length)));
      }
    }
    out.append(writer.end());
    return out.close();
  } finally {
    for (const file of files) file.close();
  }
}
