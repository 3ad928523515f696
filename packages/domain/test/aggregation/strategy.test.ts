import { describe, expect, it } from 'vitest';
import { seededRandom, testSeed } from '@vergeai/testkit';
import { normaliseWeights } from '../../src/aggregation/combine/normalise-weights.js';
import { weightedMean } from '../../src/aggregation/combine/weighted-mean.js';
import { strategies } from '../../src/aggregation/strategies/strategies.js';
import type { Round, RoundState, Strategy } from '../../src/aggregation/strategy.js';
import type { ModelNumbers } from '../../src/formats/model-format.js';
import { blocksOf, type Block } from '../../src/layout/blocks.js';
import type { TensorSpec } from '../../src/layout/model-layout.js';
import { decode, encode } from '../../src/numbers/codec.js';
import { byteWidth } from '../../src/numbers/dtype.js';
import { elementsOf, int64s, numbersOf, outcomeOf, valuesOf } from '../support/round.js';

// A strategy with everything that one may have, made here: a first pass over whole updates to learn how far each went
// from the start model, clipping by that, the mean, and a step with momentum that is kept from round to round.

const isFloating = ({ dtype }: TensorSpec) => ['F64', 'F32', 'F16', 'BF16'].includes(dtype);

function float64(model: ModelNumbers, block: Block): Float64Array {
  const elements = new Uint8Array(block.length * byteWidth(block.tensor.dtype));
  model.read(block, elements);
  const values = new Float64Array(block.length);
  decode(block.tensor.dtype, elements, values);
  return values;
}

function distance(tensors: readonly TensorSpec[], model: ModelNumbers, from: ModelNumbers, blockLength: number): number {
  let sum = 0;
  for (const block of blocksOf(tensors.filter(isFloating), blockLength)) {
    const origin = float64(from, block);
    float64(model, block).forEach((value, i) => (sum += (value - origin[i]!) ** 2));
  }
  return Math.sqrt(sum);
}

/** A model whose floating tensors are float64 and lie no farther from `start` than `scale` times what they did. */
const clipped = (model: ModelNumbers, start: ModelNumbers, dtypes: ReadonlyMap<string, TensorSpec>, scale: number): ModelNumbers => ({
  read(block, into) {
    const stored = { ...block, tensor: dtypes.get(block.tensor.name)! };
    const [values, origin] = [float64(model, stored), float64(start, stored)];
    encode('F64', scale < 1 ? values.map((value, i) => origin[i]! + scale * (value - origin[i]!)) : values, into);
  },
});

const momentum = (norm: number, beta: number, passBlocks = 5): Strategy => ({
  name: 'clipped momentum',
  keepsLoneUpdate: false,
  plan({ tensors, updates, start, state }) {
    if (!start || !state) throw new RangeError('Momentum needs the start model and its state.');
    const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    const scales = updates.map((update) => norm / distance(tensors, update, start, passBlocks));
    const coefficients = normaliseWeights(updates.map(({ numExamples }) => numExamples));
    const exact = weightedMean(updates, coefficients);
    const mean = weightedMean(updates.map((update, i) => clipped(update, start, byName, scales[i]!)), coefficients);
    state.note('t', String(Number(state.before?.notes.get('t') ?? 0) + 1));
    return {
      blockLength: mean.blockLength,
      numbers(block) {
        if (!isFloating(block.tensor)) return exact.numbers(block);
        const means = mean.numbers({ ...block, tensor: { ...block.tensor, dtype: 'F64' } });
        const kept: Block = { ...block, tensor: { name: `m/${block.tensor.name}`, dtype: 'F64', shape: block.tensor.shape } };
        const moments = state.before ? float64(state.before, kept) : new Float64Array(block.length);
        const origin = float64(start, block);
        const next = moments.map((moment, i) => beta * moment + (Number(means[i]) - origin[i]!));
        state.keep(kept, next);
        return origin.map((value, i) => value + next[i]!);
      },
    };
  },
});

const tensors: TensorSpec[] = [
  { name: 'w', dtype: 'F32', shape: [13] },
  { name: 'steps', dtype: 'I64', shape: [1] },
  { name: 'b', dtype: 'F64', shape: [] },
];

interface Model {
  readonly w: number[];
  readonly steps: bigint;
  readonly b: number;
}

const elements = ({ w, steps, b }: Model) => new Map([['w', elementsOf('F32', w)], ['steps', int64s([steps])], ['b', elementsOf('F64', [b])]]);

/** State as a caller keeps it: what is put down in one round lies there in the next. */
function stateKeeper() {
  let before: RoundState['before'];
  return (): RoundState & { end(): ReadonlyMap<string, string> } => {
    const kept = new Map<string, Uint8Array>();
    const notes = new Map<string, string>();
    return {
      before,
      keep({ tensor, at, length }, values) {
        const whole = kept.get(tensor.name) ?? new Uint8Array(tensor.shape.reduce((product, one) => product * one, 8));
        kept.set(tensor.name, whole);
        encode('F64', values, whole.subarray(at * 8, (at + length) * 8));
      },
      note: (name, text) => void notes.set(name, text),
      end() {
        before = { ...numbersOf(kept), notes };
        return notes;
      },
    };
  };
}

describe('a strategy', () => {
  const random = seededRandom(testSeed('strategy'));
  const model = (): Model => ({ w: Array.from({ length: 13 }, () => Math.fround(random() * 4 - 2)), steps: 2n ** 60n + BigInt(Math.floor(random() * 9)), b: random() });

  it('may look at whole updates first, step from the start model, and keep a model of its own from round to round', () => {
    const [norm, beta, counts] = [1.5, 0.9, [10, 31, 62]];
    const rounds = Array.from({ length: 3 }, () => counts.map(model));
    const first = model();

    // Plainly, on whole arrays. No mean of the integers is a half, as 103 is odd.
    const plain: Model[] = [];
    let [start, moments] = [first, Array.from({ length: 14 }, () => 0)];
    for (const updates of rounds) {
      const origin = [...start.w, start.b];
      const clippedUpdates = updates.map(({ w, b }) => {
        const far = Math.sqrt([...w, b].reduce((sum, value, i) => sum + (value - origin[i]!) ** 2, 0));
        return [...w, b].map((value, i) => (norm / far < 1 ? origin[i]! + (norm / far) * (value - origin[i]!) : value));
      });
      moments = moments.map((moment, i) => beta * moment + (clippedUpdates.reduce((sum, update, k) => sum + (counts[k]! / 103) * update[i]!, -0) - origin[i]!));
      const next = origin.map((value, i) => value + moments[i]!);
      const offset = updates.reduce((sum, { steps }, k) => sum + (counts[k]! / 103) * Number(steps - updates[0]!.steps), 0);
      start = { w: next.slice(0, 13).map(Math.fround), steps: updates[0]!.steps + BigInt(Math.round(offset)), b: next[13]! };
      plain.push(start);
    }

    for (const blockLength of [1, 4, 100]) {
      const begin = stateKeeper();
      let current = elements(first);
      for (const [t, updates] of rounds.entries()) {
        const state = begin();
        const round: Round = { tensors, start: numbersOf(current), state, updates: updates.map((update, k) => ({ ...numbersOf(elements(update)), numExamples: counts[k]! })) };
        current = outcomeOf(momentum(norm, beta, blockLength), round, blockLength);
        expect(state.end().get('t')).toBe(String(t + 1));
        expect(valuesOf('F32', current.get('w')!)).toEqual(plain[t]!.w);
        expect(valuesOf('F64', current.get('b')!)).toEqual([plain[t]!.b]);
        expect(current.get('steps')).toEqual(int64s([plain[t]!.steps]));
      }
    }
  });

  it.each(Object.entries(strategies))('%s is listed under its own name, and keeps a lone update if it says so', (name, strategy) => {
    expect(strategy.name).toBe(name);
    const lone = elements(model());
    const round: Round = { tensors, updates: [{ ...numbersOf(lone), numExamples: 7 }] };
    if (strategy.keepsLoneUpdate) expect(outcomeOf(strategy, round)).toEqual(lone);
  });
});
