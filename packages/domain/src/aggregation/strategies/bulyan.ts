import { byColumn } from '../combine/columns.js';
import { squaredDistances } from '../combine/distances.js';
import { krumScores, leastScores } from '../combine/krum-scores.js';
import { sortedInt64Mean, sortedMean } from '../combine/sorted-mean.js';
import type { Strategy } from '../strategy.js';

/**
 * Krum picks n − 2f updates, one after the other, each among those that are left; then at each coordinate the mean of
 * the n − 4f values that lie nearest to the picked ones' median. What a liar hides in a single coordinate of an update
 * that is otherwise like the others is left out, too.
 * Source: El Mhamdi et al., "The Hidden Vulnerability of Distributed Learning in Byzantium", 2018, arXiv:1802.07927,
 * section 4.
 */
export const bulyan: Strategy<{ readonly num_malicious: number }> = {
  combine({ tensors, contributions, reader }, { num_malicious: malicious }) {
    const count = contributions.length;
    const picked = pick(squaredDistances(tensors, contributions, reader), count, malicious);
    const kept = picked.length - 2 * malicious;
    const rule = {
      float64: (sorted: Float64Array) => nearestMean(sorted, kept),
      int64: (sorted: BigInt64Array) => nearestInt64Mean(sorted, kept),
    };
    return {
      ...byColumn(rule, tensors, picked.map((place) => contributions[place]!), reader),
      coefficients: null,
      selected: contributions.map((_, place) => picked.includes(place)),
    };
  },
};

function pick(distances: Float64Array, count: number, malicious: number): number[] {
  let left = Array.from({ length: count }, (_, place) => place);
  const picked: number[] = [];
  while (picked.length < count - 2 * malicious) {
    const scores = krumScores(distances, count, left, Math.max(1, left.length - malicious - 2));
    const winner = left[leastScores(scores, 1)[0]!]!;
    picked.push(winner);
    left = left.filter((place) => place !== winner);
  }
  return picked.toSorted((a, b) => a - b);
}

/** Those nearest to the median stand side by side: the window slides down while its upper end is farther off than what lies below it. */
function nearestMean(sorted: Float64Array, kept: number): number {
  const middle = sorted.length >> 1;
  const median = sortedMean(sorted, (sorted.length - 1) >> 1, middle + 1);
  let from = 0;
  // Of two that are equally far the smaller one is kept.
  while (from + kept < sorted.length && median - sorted[from]! > sorted[from + kept]! - median) from++;
  return sortedMean(sorted, from, from + kept);
}

function nearestInt64Mean(sorted: BigInt64Array, kept: number): bigint {
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  const twice = lower + upper;
  let from = 0;
  while (from + kept < sorted.length && twice - 2n * sorted[from]! > 2n * sorted[from + kept]! - twice) from++;
  return sortedInt64Mean(sorted, from, from + kept);
}
