import { blocksOf, byteWidth, cast, findNotFinite, keepsLoneUpdate, modelFormats, numbered, planRound, type ModelLayout, type ModelNumbers, type ModelWriter, type Plan, type Round, type TensorSpec, type Update } from '@vergeai/domain';
import type { Aggregated, Aggregation, NotFinite, Written } from './aggregator.js';
import { createOutputFile, FilesInTurn, type OutputFile } from './files.js';
import { gaussianOf } from './gaussian.js';
import { StateFile } from './state-file.js';

const WIDEST_ELEMENT_BYTES = 8;

/**
 * Writes what a strategy makes of the updates: tensor after tensor in the order of the layout, block by block, whatever
 * the format and whatever the strategy. The format reads and writes the files; the strategy makes the numbers of a
 * block; they are cast here, once. What the strategy keeps is written in the same walk.
 */
export function walk(aggregation: Aggregation): Aggregated | NotFinite {
  const { strategy, layout: text, updates, start, seed, output } = aggregation;
  const layout = JSON.parse(text) as ModelLayout;
  const numbering = numbered(layout.tensors.map(({ name }) => name));
  const format = modelFormats[layout.format];
  const files = new FilesInTurn();
  let [out, state]: [OutputFile | undefined, StateFile | undefined] = [undefined, undefined];
  try {
    // Their layouts are let go of: a thousand updates would have a thousand.
    const open = (path: string, name: string): ModelNumbers => ({ read: format.read(files.source(path), () => files.room(`${output}.${name}`), numbering).read });
    state = aggregation.state && new StateFile(strategy, layout.tensors, aggregation.state, files);
    const round: Round = {
      tensors: layout.tensors,
      updates: updates.map(({ path, numExamples, loss }, index): Update => ({ numExamples, loss, ...open(path, `${index}`) })),
      ...(start && { start: open(start.path, 'start') }),
      ...(state && { state: state.round }),
      ...(seed !== undefined && { gaussian: gaussianOf(seed) }),
    };
    const plan = planRound(strategy, round);
    state?.begin();
    out = createOutputFile(output);
    // What lies among finite numbers is finite; a step or noise may lead out of what a dtype holds.
    const written = writeBlocks(plan, layout.tensors, format.write(layout), out, !keepsLoneUpdate(strategy));
    if ('notFinite' in written) return written;
    const kept = state?.end();
    return kept && 'notFinite' in kept ? kept : { ...written, report: plan.report, ...(kept && { state: kept }) };
  } finally {
    out?.close();
    state?.close();
    files.close();
  }
}

function writeBlocks(plan: Plan, tensors: readonly TensorSpec[], writer: ModelWriter, out: OutputFile, isChecked: boolean): Written | NotFinite {
  const elements = new Uint8Array(plan.blockLength * WIDEST_ELEMENT_BYTES);
  out.append(writer.head);
  for (const block of blocksOf(tensors, plan.blockLength)) {
    const { dtype, name } = block.tensor;
    const numbers = cast(dtype, plan.numbers(block), elements.subarray(0, block.length * byteWidth(dtype)));
    const wrong = isChecked ? findNotFinite(dtype, numbers) : -1;
    if (wrong !== -1) return { notFinite: `number ${block.at + wrong} of ${JSON.stringify(name)} is not finite` };
    out.append(writer.write(numbers));
  }
  out.append(writer.end());
  return out.written();
}
