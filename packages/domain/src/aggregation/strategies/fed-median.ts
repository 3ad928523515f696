import { byColumn } from '../combine/columns.js';
import { sortedInt64Mean, sortedMean } from '../combine/sorted-mean.js';
import type { Strategy } from '../strategy.js';

/**
 * The median of the updates at each coordinate; of an even number of them, the mean of the middle two. However far
 * fewer than half of the updates lie from the others, it stays among those. Numbers of examples don't count: a liar's
 * would count most.
 * Source: Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates", 2018,
 * arXiv:1803.01498, definition 1.
 *
 * Integers are exact, a half goes to the even one. −0 lies below 0.
 */
export const fedMedian: Strategy<unknown> = {
  combine({ tensors, contributions, reader }) {
    const trimmed = (contributions.length - 1) >> 1;
    const to = contributions.length - trimmed;
    const rule = { float64: (sorted: Float64Array) => sortedMean(sorted, trimmed, to), int64: (sorted: BigInt64Array) => sortedInt64Mean(sorted, trimmed, to) };
    return { ...byColumn(rule, tensors, contributions, reader), coefficients: null, selected: contributions.map(() => true) };
  },
};
