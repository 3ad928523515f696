import { cast } from '../../src/aggregation/cast.js';
import { planRound } from '../../src/aggregation/plan-round.js';
import type { Round, Update } from '../../src/aggregation/round.js';
import { completeStrategy, type StrategyRequest } from '../../src/aggregation/specification/complete.js';
import type { ModelNumbers } from '../../src/formats/model-format.js';
import { blocksOf } from '../../src/layout/blocks.js';
import type { TensorSpec } from '../../src/layout/model-layout.js';
import { decode, encode } from '../../src/numbers/codec.js';
import { byteWidth, type DType } from '../../src/numbers/dtype.js';

/** The little-endian elements of these numbers, which the dtype holds exactly. */
export function elementsOf(dtype: DType, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * byteWidth(dtype));
  encode(dtype, Float64Array.from(values), bytes);
  return bytes;
}

export const int64s = (values: readonly bigint[]) => new Uint8Array(BigInt64Array.from(values).buffer);

export function valuesOf(dtype: DType, elements: Uint8Array): number[] {
  const values = new Float64Array(elements.length / byteWidth(dtype));
  decode(dtype, elements, values);
  return [...values];
}

/** A model with these elements, by the name of the tensor. */
export const numbersOf = (elements: ReadonlyMap<string, Uint8Array>): ModelNumbers => ({
  read({ tensor, at, length }, into) {
    const width = byteWidth(tensor.dtype);
    into.set(elements.get(tensor.name)!.subarray(at * width, (at + length) * width));
  },
});

/** What the strategy makes of a round, by the name of the tensor, walking in blocks of at most `blockLength`. */
export function outcomeOf(strategy: StrategyRequest, round: Round, blockLength = Infinity): Map<string, Uint8Array> {
  const plan = planRound(completeStrategy(strategy), round);
  const parts = new Map(round.tensors.map(({ name }): [string, Uint8Array[]] => [name, []]));
  for (const block of blocksOf(round.tensors, Math.min(plan.blockLength, blockLength))) {
    const out = new Uint8Array(block.length * byteWidth(block.tensor.dtype));
    parts.get(block.tensor.name)!.push(cast(block.tensor.dtype, plan.numbers(block), out).slice());
  }
  return new Map([...parts].map(([name, list]) => [name, new Uint8Array(Buffer.concat(list))]));
}

/** The round of models that are one tensor each. */
export function roundOf(dtype: DType, updates: readonly Uint8Array[], counts: readonly (number | null)[] = updates.map(() => null)): Round {
  const tensor: TensorSpec = { name: 'w', dtype, shape: [(updates[0]?.length ?? 0) / byteWidth(dtype)] };
  return {
    tensors: [tensor],
    updates: updates.map((elements, i): Update => ({ ...numbersOf(new Map([['w', elements]])), numExamples: counts[i]! })),
  };
}

/** The elements that a strategy makes of those of one tensor. */
export const combined = (strategy: StrategyRequest, dtype: DType, updates: readonly Uint8Array[], counts?: readonly (number | null)[], blockLength?: number): Uint8Array =>
  outcomeOf(strategy, roundOf(dtype, updates, counts), blockLength).get('w')!;
