import { describe, expect, it } from 'vitest';
import { combined, elementsOf, int64s, valuesOf } from '../../support/round.js';

const krum = (malicious: number, ...updates: number[][]) => valuesOf('F64', combined({ type: 'Krum', num_malicious: malicious }, 'F64', updates.map((update) => elementsOf('F64', update))));

describe('Krum', () => {
  it('takes the update that lies nearest to its neighbours, whatever one device sends', () => {
    expect(krum(1, [0, 0], [1, 0], [1, 1], [2, 1], [1e9, -1e9])).toEqual([1, 0]);
  });

  it('gives the very update, bit for bit', () => {
    expect(krum(0, [-0, 5e-324], [-0, 5e-324], [3, 4])).toEqual([-0, 5e-324]);
  });

  it('takes the first of those that lie equally near', () => {
    expect(krum(0, [3], [3], [3])).toEqual([3]);
    expect(krum(0, [1, 0], [0, 1], [0, -1], [-1, 0])).toEqual([1, 0]);
  });

  it('tells large numbers apart that differ in little', () => {
    // ‖x‖² + ‖y‖² − 2x·y would lose these differences.
    expect(krum(0, [50 + 3e-7], [50 + 1e-7], [50], [50 - 9e-7])).toEqual([50 + 1e-7]);
  });

  it('of a model without floats goes by its integers, exactly beyond 2^53', () => {
    const big = 2n ** 60n;
    expect(combined({ type: 'Krum', num_malicious: 0 }, 'I64', [[big + 9n], [big + 1n], [big], [big - 3n]].map(int64s))).toEqual(int64s([big]));
  });
});
