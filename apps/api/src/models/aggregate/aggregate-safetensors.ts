import { byteWidth, elementCount, encodeSafetensorsHeader, fedAvg, parseSafetensorsHeader, type BlockReducer, type DType, type ModelLayout, type SafetensorsEntry } from '@vergeai/domain';
import type { UpdateFile } from './aggregator.js';
import { createOutputFile, openBlockFile, type BlockFile, type Written } from './block-file.js';

// Sums, numbers and result of one block together fit the cache of one processor.
const BLOCK_ELEMENTS = 32 * 1024;
const WIDEST_ELEMENT_BYTES = 8;
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
    const bytes = new Uint8Array(BLOCK_ELEMENTS * WIDEST_ELEMENT_BYTES);
    const reducerFor = reducers();
    for (const { name, dtype, shape } of layout.tensors) {
      const width = byteWidth(dtype);
      const count = elementCount(shape);
      const reducer = reducerFor(dtype);
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

/** One for each dtype: a model may have thousands of tensors, and a thread's buffers are not collected at once. */
function reducers(): (dtype: DType) => BlockReducer {
  const made = new Map<DType, BlockReducer>();
  return (dtype) => {
    const reducer = made.get(dtype) ?? fedAvg.reducer(dtype, BLOCK_ELEMENTS);
    made.set(dtype, reducer);
    return reducer;
  };
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
