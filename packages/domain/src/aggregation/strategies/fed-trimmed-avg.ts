import { byColumn } from '../combine/columns.js';
import { sortedInt64Mean, sortedMean } from '../combine/sorted-mean.js';
import { numTrimmed } from '../specification/num-trimmed.js';
import type { TrimmedMeanParameters } from '../specification/specification.js';
import type { Strategy } from '../strategy.js';

/**
 * The mean of what is left at each coordinate without the k smallest and the k largest values. Against more than k liars
 * it has nothing to say. Numbers of examples don't count.
 * Source: Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates", 2018,
 * arXiv:1803.01498, definition 2.
 *
 * @throws RangeError when nothing would be left.
 */
export const fedTrimmedAvg: Strategy<TrimmedMeanParameters> = {
  combine({ tensors, contributions, reader }, parameters) {
    const count = contributions.length;
    const from = numTrimmed(parameters, count);
    const to = count - from;
    if (from >= to) throw new RangeError(`Nothing is left of ${count} updates without ${from} at either end.`);
    const rule = { float64: (sorted: Float64Array) => sortedMean(sorted, from, to), int64: (sorted: BigInt64Array) => sortedInt64Mean(sorted, from, to) };
    return { ...byColumn(rule, tensors, contributions, reader), coefficients: null, selected: contributions.map(() => true) };
  },
};
