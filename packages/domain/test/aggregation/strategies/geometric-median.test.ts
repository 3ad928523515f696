import { describe, expect, it } from 'vitest';
import { combined, elementsOf, valuesOf } from '../../support/round.js';

const geometricMedian = (parameters: object, updates: number[][], counts?: number[]) =>
  valuesOf('F64', combined({ type: 'GeometricMedian', ...parameters }, 'F64', updates.map((update) => elementsOf('F64', update)), counts));

describe('the geometric median', () => {
  it('is where everybody is, when all agree', () => {
    expect(geometricMedian({}, [[2, -3], [2, -3], [2, -3]])).toEqual([2, -3]);
  });

  it('weighs an update by its coefficient over its distance to the mean', () => {
    // From the mean at 3 the distances are 3, 2, 5: the weights 1/3, 1/2, 1/5 add up to 31/30.
    expect(geometricMedian({ iterations: 1 }, [[0], [1], [8]])[0]).toBeCloseTo((1 / 2 + 8 / 5) / (31 / 30), 12);
    expect(geometricMedian({ iterations: 1 }, [[0], [4]], [3, 1])[0]).toBeCloseTo((4 / 3) / (3 + 1 / 3), 12);
  });

  it('is pulled by one far away no harder than by one nearby', () => {
    const [near] = geometricMedian({ iterations: 20 }, [[0], [0.1], [-0.1], [0.05], [10]]);
    const [far] = geometricMedian({ iterations: 20 }, [[0], [0.1], [-0.1], [0.05], [1e6]]);
    expect(Math.abs(near!)).toBeLessThan(0.1);
    expect(Math.abs(far!)).toBeLessThan(0.1);
  });
});
