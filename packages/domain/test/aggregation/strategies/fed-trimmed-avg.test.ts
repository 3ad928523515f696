import { describe, expect, it } from 'vitest';
import { combined, elementsOf, int64s, valuesOf } from '../../support/round.js';

const trimmed = (parameters: object, ...updates: number[]) => valuesOf('F64', combined({ type: 'FedTrimmedAvg', ...parameters }, 'F64', updates.map((value) => elementsOf('F64', [value]))))[0];

describe('the trimmed mean', () => {
  it('leaves out the smallest and the largest values of each number', () => {
    expect(trimmed({ num_trimmed: 1 }, 1, 2, 3, 4, 1000)).toBe(3);
    expect(trimmed({ num_trimmed: 2 }, -1e300, 7, 1, 2, 1e300)).toBe(2);
  });

  it('leaves out a share of the updates, rounded down, at either end', () => {
    expect(trimmed({ trim_fraction: 0.2 }, 1, 2, 3, 4)).toBe(2.5);
    expect(trimmed({ trim_fraction: 0.2 }, 1, 2, 3, 4, 100)).toBe(3);
    expect(trimmed({}, 1, 2, 3, 4, 100)).toBe(3);
  });

  it('is the plain mean when nothing is left out', () => {
    expect(trimmed({ num_trimmed: 0 }, 1, 2, 6)).toBe(3);
  });

  it('stays finite where the sum is none', () => {
    expect(trimmed({ num_trimmed: 1 }, 1.7e308, 1.7e308, 1.7e308, 1.7e308)).toBe(1.7e308);
  });

  it('of integers is exact, and a half goes to the even one', () => {
    const big = 2n ** 62n;
    expect(combined({ type: 'FedTrimmedAvg', num_trimmed: 1 }, 'I64', [[big], [big + 1n], [big + 2n], [0n]].map(int64s))).toEqual(int64s([big]));
    expect(combined({ type: 'FedTrimmedAvg', num_trimmed: 1 }, 'I64', [[-9n], [1n], [2n], [9n]].map(int64s))).toEqual(int64s([2n]));
  });

  it('refuses to leave out everything', () => {
    expect(() => trimmed({ num_trimmed: 2 }, 1, 2, 3, 4)).toThrow(RangeError);
  });
});
