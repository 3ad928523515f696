import { elementCount, encodeSafetensorsHeader, fedAvg, parseSafetensorsHeader, byteWidth, type ModelLayout, type SafetensorsEntry } from '@vergeai/domain';
import type { UpdateFile } from './aggregator.js';
import { createOutputFile, openBlockFile, type BlockFile, type Written } from './block-file.js';

const BLOCK_ELEMENTS = 128 * 1024;
const LENGTH_BYTES = 8;

interface Source {
  readonly file: BlockFile;
  readonly dataOffset: number;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
}

/** The mean of safetensors files, with the tensors in the order of `layout`: one block of one file in memory at a time. */
export function aggregateSafetensors(updates: readonly UpdateFile[], layout: ModelLayout, output: string): Written {
  const coefficients = fedAvg.coefficients(updates.map(({ numExamples }) => numExamples));
  const sources = updates.map(({ path }) => openSource(path));
  try {
    const out = createOutputFile(output);
    out.append(encodeSafetensorsHeader(layout.tensors));
    for (const { name, dtype, shape } of layout.tensors) {
      const width = byteWidth(dtype);
      const count = elementCount(shape);
      const reducer = fedAvg.reducer(dtype, Math.min(count, BLOCK_ELEMENTS));
      const bytes = new Uint8Array(Math.min(count, BLOCK_ELEMENTS) * width);
      for (let at = 0; at < count; at += BLOCK_ELEMENTS) {
        const length = Math.min(BLOCK_ELEMENTS, count - at);
        const block = bytes.subarray(0, length * width);
        reducer.begin(length);
        sources.forEach(({ file, dataOffset, tensors }, index) => {
          file.read(block, dataOffset + tensors.get(name)!.begin + at * width);
          reducer.add(block, coefficients[index]!);
        });
        out.append(reducer.finish());
      }
    }
    return out.close();
  } finally {
    for (const { file } of sources) file.close();
  }
}

function openSource(path: string): Source {
  const file = openBlockFile(path);
  const length = new Uint8Array(LENGTH_BYTES);
  file.read(length, 0);
  const header = new Uint8Array(LENGTH_BYTES + Number(new DataView(length.buffer).getBigUint64(0, true)));
  file.read(header, 0);
  const { tensors, dataOffset } = parseSafetensorsHeader(header);
  return { file, dataOffset, tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])) };
}
