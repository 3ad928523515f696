import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, summarise, weightedMeans, type SubmittedReport } from '../../src/index.js';

const report = (numExamples: number | null, metrics: Record<string, number>): SubmittedReport => ({ numExamples, metrics });

/** As NumPy's default has it, for one number after the other of a sorted list. */
function linear(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = share * (sorted.length - 1);
  const [from, to] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return from + (to - from) * (place % 1);
}

describe('the summary of what devices reported', () => {
  it('has mean, range and percentiles of each metric, and how many devices have it', () => {
    const reports = [10, 20, 30, 40, 50].map((loss) => report(1, { loss, ...(loss > 30 && { accuracy: loss / 100 }) }));
    expect(summarise(reports)).toEqual({
      examples: 5,
      metrics: {
        accuracy: { mean: 0.45, min: 0.4, max: 0.5, p10: 0.41000000000000003, p90: 0.49, count: 2 },
        loss: { mean: 30, min: 10, max: 50, p10: 14, p90: 46, count: 5 },
      },
    });
  });

  it('weighs the mean by examples, and devices alike in everything else', () => {
    const { examples, metrics } = summarise([report(1, { loss: 1 }), report(3, { loss: 5 })]);
    expect([examples, metrics['loss']?.mean, metrics['loss']?.p10]).toEqual([4, 4, 1.4]);
  });

  it('counts no examples where nobody said how many there were', () => {
    expect(summarise([report(null, { loss: 1 }), report(null, { loss: 3 })])).toMatchObject({ examples: null, metrics: { loss: { mean: 2 } } });
  });

  it('is empty without a report', () => {
    expect(summarise([])).toEqual({ examples: null, metrics: {} });
  });

  it('has the first hundred names in their order, whoever reported first', () => {
    const many = (from: number) => Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`m${String(from + at).padStart(3, '0')}`, at]));
    const names = Object.keys(summarise([report(1, many(80)), report(1, many(0))]).metrics);
    expect(names).toEqual(Array.from({ length: 100 }, (_, at) => `m${String(at).padStart(3, '0')}`));
  });

  it('takes a metric called __proto__ for a metric', () => {
    const metrics = JSON.parse('{"__proto__": 2, "constructor": 4}') as Record<string, number>;
    expect(Object.keys(summarise([report(1, metrics)]).metrics)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('is what a straightforward computation gives, for any reports', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const reports = fc.array(fc.record({ numExamples: fc.double({ noNaN: true, min: 0.5, max: 1e6 }), metrics: fc.dictionary(fc.constantFrom('a', 'b', 'c'), value) }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(reports, (given) => {
        const { metrics } = summarise(given);
        const means = weightedMeans(given.map((each) => ({ weight: each.numExamples, metrics: each.metrics })));
        for (const name of ['a', 'b', 'c']) {
          const values = given.flatMap((each) => (Object.hasOwn(each.metrics, name) ? [each.metrics[name]!] : []));
          if (values.length === 0) expect(metrics[name]).toBeUndefined();
          else {
            expect(metrics[name]).toMatchObject({ mean: means[name], min: Math.min(...values), max: Math.max(...values), count: values.length });
            expect(metrics[name]!.p10).toBeCloseTo(linear(values, 0.1), 6);
            expect(metrics[name]!.p90).toBeCloseTo(linear(values, 0.9), 6);
          }
        }
      }),
    );
  });
});

describe('a percentile', () => {
  it('of finite numbers is finite and lies between them, however large', () => {
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      const found = percentile([-Number.MAX_VALUE, Number.MAX_VALUE], share);
      expect(Number.isFinite(found)).toBe(true);
      expect(Math.abs(found)).toBeLessThanOrEqual(Number.MAX_VALUE);
    }
    expect(percentile([7], 0.9)).toBe(7);
  });
});
