import { describe, expect, it } from 'vitest';
import { weightedMeans } from '../../src/index.js';

describe('weighted means', () => {
  it('weigh each report by its number of examples', () => {
    expect(weightedMeans([{ weight: 1, metrics: { loss: 1 } }, { weight: 3, metrics: { loss: 5 } }])).toEqual({ loss: 4 });
  });

  it('are over those that reported the metric, not over all', () => {
    const means = weightedMeans([
      { weight: 1, metrics: { loss: 2, accuracy: 0.5 } },
      { weight: 9, metrics: { loss: 4 } },
    ]);
    expect(means['accuracy']).toBe(0.5);
    expect(means['loss']).toBeCloseTo(3.8, 12);
  });

  it('are none without a report', () => {
    expect(weightedMeans([])).toEqual({});
    expect(weightedMeans([{ weight: 1, metrics: {} }])).toEqual({});
  });

  it('of a single report are its own numbers', () => {
    for (const value of [0.1, -7, 0, 1e-300, 123456.789]) expect(weightedMeans([{ weight: 3, metrics: { value } }])['value']).toBeCloseTo(value, 12);
  });

  it('take a metric called __proto__ for a metric', () => {
    const metrics = JSON.parse('{"__proto__": 2, "constructor": 4}') as Record<string, number>;
    const means = weightedMeans([{ weight: 1, metrics }]);
    expect(Object.entries(means)).toEqual([['__proto__', 2], ['constructor', 4]]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('of finite numbers are finite and lie between them, however large', () => {
    const large = [
      [1e308, 1e10],
      [Number.MAX_VALUE, Number.MAX_VALUE],
      [-Number.MAX_VALUE, 1],
    ] as const;
    const { loss } = weightedMeans(large.map(([value, weight]) => ({ weight, metrics: { loss: value } })));
    expect(Number.isFinite(loss)).toBe(true);
    expect(loss).toBeLessThanOrEqual(Number.MAX_VALUE);
    const one = weightedMeans([{ weight: 1e10, metrics: { loss: 1e308 } }]);
    expect(one['loss']! / 1e308).toBeCloseTo(1, 12);
  });
});
