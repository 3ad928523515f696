import { describe, expect, it } from 'vitest';
import { combined, elementsOf, int64s, valuesOf } from '../../support/round.js';

const bulyan = (malicious: number, ...updates: number[][]) => valuesOf('F64', combined({ type: 'Bulyan', num_malicious: malicious }, 'F64', updates.map((update) => elementsOf('F64', update))));

describe('Bulyan', () => {
  it('is the mean of everybody when nobody is malicious', () => {
    expect(bulyan(0, [1], [2], [6])).toEqual([3]);
  });

  it('leaves out what lies far from the median of those that it picks, number by number', () => {
    // Five of seven are picked: not the last two. Of theirs, the three nearest to the median count.
    expect(bulyan(1, [1, 1], [1, 1], [1, 1], [1.5, 1], [1, 9], [1000, 1000], [-50, 70])).toEqual([1, 1]);
  });

  it('takes the smaller one of two that are equally far', () => {
    expect(bulyan(1, [0], [1], [2], [3], [4], [900], [-900])).toEqual([2]);
    expect(combined({ type: 'Bulyan', num_malicious: 1 }, 'I64', [[0n], [1n], [2n], [3n], [4n], [900n], [-900n]].map(int64s))).toEqual(int64s([2n]));
  });
});
