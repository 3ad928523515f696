import { blocksOf } from '../../layout/blocks.js';
import { elementCount } from '../../layout/model-layout.js';
import type { ToCombine } from '../combine/combined.js';
import { Rows } from '../combine/rows.js';
import { weightedMean } from '../combine/weighted-mean.js';
import { measuredTensors } from '../contribution.js';
import type { Strategy } from '../strategy.js';

/**
 * The point to which the updates lie nearest in sum, not squared, so that one far away pulls no harder than one nearby:
 * by a few turns of Weiszfeld's algorithm, each of which weighs an update by its coefficient over its distance, with
 * `smoothing` as the least distance. It bears label skew better than rules that look at single coordinates.
 * Source: Pillutla et al., "Robust Aggregation for Federated Learning", 2019, arXiv:1912.13445, algorithm 2.
 */
export const geometricMedian: Strategy<{ readonly iterations: number; readonly smoothing: number }> = {
  combine(round, { iterations, smoothing }) {
    const { contributions, reader } = round;
    let coefficients = round.coefficients;
    for (let turn = 0; turn < iterations; turn++) coefficients = weighAgain(round, coefficients, smoothing);
    return { ...weightedMean(contributions, coefficients, reader), coefficients, selected: contributions.map(() => true) };
  },
};

function weighAgain({ tensors, contributions, coefficients: first, reader }: ToCombine, coefficients: Float64Array, smoothing: number): Float64Array {
  const squares = squaredDistancesToMean({ tensors, contributions, reader, coefficients });
  const weights = squares.map((square, i) => first[i]! / Math.max(smoothing, Math.sqrt(square)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function squaredDistancesToMean({ tensors, contributions, reader, coefficients }: Pick<ToCombine, 'tensors' | 'contributions' | 'reader' | 'coefficients'>): Float64Array {
  const measured = measuredTensors(tensors);
  const rows = new Rows(contributions, reader, measured.reduce((longest, { shape }) => Math.max(longest, elementCount(shape)), 1));
  const means = new Float64Array(rows.blockLength);
  const squares = new Float64Array(contributions.length);
  for (const block of blocksOf(measured, rows.blockLength)) {
    const { length } = block;
    const values = rows.apart(block);
    const mean = means.subarray(0, length).fill(0);
    contributions.forEach((_, i) => {
      const row = values.subarray(i * length, (i + 1) * length);
      for (let k = 0; k < length; k++) mean[k]! += coefficients[i]! * row[k]!;
    });
    contributions.forEach((_, i) => {
      const row = values.subarray(i * length, (i + 1) * length);
      let sum = squares[i]!;
      for (let k = 0; k < length; k++) {
        const difference = row[k]! - mean[k]!;
        sum += difference * difference;
      }
      squares[i] = sum;
    });
  }
  return squares;
}
