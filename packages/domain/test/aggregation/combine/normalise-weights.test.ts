import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseWeights } from '../../../src/aggregation/combine/normalise-weights.js';

describe('coefficients', () => {
  it('are the shares of the examples', () => {
    expect([...normaliseWeights([1, 3])]).toEqual([0.25, 0.75]);
    expect([...normaliseWeights([2, 2, 4])]).toEqual([0.25, 0.25, 0.5]);
  });

  it('are equal when no update gives its number of examples', () => {
    expect([...normaliseWeights([null, null, null, null])]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it.each([[[null]], [[1]], [[3]], [[0.1]], [[1e300]], [[5e-324]]])('are exactly [1] for the single update %j', (counts) => {
    expect([...normaliseWeights(counts)]).toEqual([1]);
  });

  it('sum to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1 }), { minLength: 1, maxLength: 200 }), (counts) => {
        const sum = normaliseWeights(counts).reduce((total, coefficient) => total + coefficient, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  it.each([
    ['no updates', []],
    ['some given, some missing', [1, null]],
    ['zero', [1, 0]],
    ['a negative number', [2, -1]],
    ['NaN', [NaN]],
    ['Infinity', [1, Infinity]],
    ['a sum beyond float64', [1.7e308, 1.7e308]],
  ])('are refused for %s', (_, counts) => {
    expect(() => normaliseWeights(counts)).toThrow(RangeError);
  });
});
