import type { ModelNumbers } from '../../formats/model-format.js';
import type { Block } from '../../layout/blocks.js';
import type { TensorSpec } from '../../layout/model-layout.js';
import { decode } from '../../numbers/codec.js';
import { isFloating, type ContributionReader } from '../contribution.js';
import type { Plan, RoundState } from '../round.js';
import { matchesGlob } from '../specification/matches-glob.js';
import type { MomentName, Step } from './step.js';

/** The note that says how many rounds have stepped. */
export const ROUNDS = 't';

/** Whether a tensor's numbers step; others take what the updates combine to. */
export const steps = (tensor: TensorSpec, exclude: readonly string[]): boolean => isFloating(tensor) && !exclude.some((pattern) => matchesGlob(pattern, tensor.name));

/** The tensors that a step keeps from round to round, in the order of the model's. */
export function momentTensors(tensors: readonly TensorSpec[], moments: readonly MomentName[], exclude: readonly string[]): TensorSpec[] {
  const stepping = tensors.filter((tensor) => steps(tensor, exclude));
  return moments.flatMap((moment) => stepping.map(({ name, shape }): TensorSpec => ({ name: `${moment}/${name}`, dtype: 'F64', shape })));
}

/** Steps from the start model towards what is planned, and keeps the moments. */
export function takeStep(plan: Plan, step: Step, exclude: readonly string[], start: ModelNumbers, state: RoundState, reader: ContributionReader): Plan {
  const round = Number(state.before?.notes.get(ROUNDS) ?? 0) + 1;
  state.note(ROUNDS, String(round));
  const names = Object.keys(step.moments) as MomentName[];
  const { blockLength } = plan;
  const [origins, directions] = [new Float64Array(blockLength), new Float64Array(blockLength)];
  const kept = { m: new Float64Array(blockLength), v: new Float64Array(blockLength) };
  const bytes = new Uint8Array(blockLength * 8);

  function load(name: MomentName, block: Block): Float64Array {
    const values = kept[name].subarray(0, block.length);
    if (!state.before) return values.fill(step.moments[name]!);
    const elements = bytes.subarray(0, block.length * 8);
    state.before.read(momentBlock(name, block), elements);
    decode('F64', elements, values);
    return values;
  }

  return {
    blockLength,
    numbers(block) {
      const combined = plan.numbers(block);
      if (!steps(block.tensor, exclude)) return combined;
      const [x, d] = [origins.subarray(0, block.length), directions.subarray(0, block.length)];
      reader.read({ read: start.read, scale: 1 }, block, x);
      for (let i = 0; i < d.length; i++) d[i] = (combined[i] as number) - x[i]!;
      const moments: Record<MomentName, Float64Array> = { m: kept.m.subarray(0, 0), v: kept.v.subarray(0, 0) };
      for (const name of names) moments[name] = load(name, block);
      step.advance(x, d, moments, round);
      for (const name of names) state.keep(momentBlock(name, block), moments[name]);
      return x;
    },
  };
}

const momentBlock = (moment: MomentName, { tensor: { name, shape }, at, length }: Block): Block => ({ tensor: { name: `${moment}/${name}`, dtype: 'F64', shape }, at, length });
