import { blocksOf, byteWidth, cast, modelFormats, numbered, strategies, type ModelLayout, type ModelWriter, type Plan, type TensorSpec, type Update } from '@vergeai/domain';
import type { Aggregation, Written } from './aggregator.js';
import { createOutputFile, FilesInTurn, type OutputFile } from './files.js';

const WIDEST_ELEMENT_BYTES = 8;

/**
 * Writes what a strategy makes of the updates: tensor after tensor in the order of the layout, block by block, whatever
 * the format and whatever the strategy. The format reads and writes the files; the strategy makes the numbers of a
 * block; they are cast here, once.
 */
export function walk({ strategy, layout: text, updates, output }: Aggregation): Written {
  const layout = JSON.parse(text) as ModelLayout;
  const numbering = numbered(layout.tensors.map(({ name }) => name));
  const format = modelFormats[layout.format];
  const files = new FilesInTurn();
  let out: OutputFile | undefined;
  try {
    const numbers = updates.map(({ path, numExamples }, index): Update => {
      // Its layout is let go of: a thousand updates would have a thousand.
      const { read } = format.read(files.source(path), () => files.room(`${output}.${index}`), numbering);
      return { numExamples, read };
    });
    const plan = strategies[strategy].plan({ tensors: layout.tensors, updates: numbers });
    out = createOutputFile(output);
    return writeBlocks(plan, layout.tensors, format.write(layout), out);
  } finally {
    out?.close();
    files.close();
  }
}

function writeBlocks(plan: Plan, tensors: readonly TensorSpec[], writer: ModelWriter, out: OutputFile): Written {
  const elements = new Uint8Array(plan.blockLength * WIDEST_ELEMENT_BYTES);
  out.append(writer.head);
  for (const block of blocksOf(tensors, plan.blockLength)) {
    const { dtype } = block.tensor;
    out.append(writer.write(cast(dtype, plan.numbers(block), elements.subarray(0, block.length * byteWidth(dtype)))));
  }
  out.append(writer.end());
  return out.written();
}
