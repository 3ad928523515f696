import { describe, expect, it } from 'vitest';
import { curveOf, type Metric, type Series } from '../../src/routes/p/e/metrics/curve-of.js';
import { smoothed } from '../../src/routes/p/e/metrics/smoothed.js';

const at = (second: number): string => new Date(second * 1000).toISOString();
const metric: Metric = { mean: [4, null, 0, 2], min: [4, null, 0, 1], max: [4, null, 0, 3], p10: [4, null, 0, 1], p90: [4, null, 0, 3], count: [1, 0, 1, 2] };
const series: Series = {
  sequence: [1, 2, 3, 4],
  job_id: ['a', 'b', 'c', 'd'],
  status: ['COMPLETED', 'CANCELLED', 'COMPLETED', 'COMPLETED'],
  kind: ['TRAIN', 'TRAIN', 'TRAIN', 'TRAIN'],
  ended_at: [at(10), at(5), at(20), at(30)],
  examples: [10, null, 10, 20],
  metrics: { loss: metric },
  devices: [],
  thinned: 1,
  names: ['loss'],
};

describe('what is drawn of a metric', () => {
  it('is every value as it is, with a gap and a mark for a job that made no model', () => {
    const { shape, hidden } = curveOf(series, metric, {});
    expect(shape).toMatchObject({ x: [1, 2, 3, 4], main: metric.mean, low: metric.p10, high: metric.p90, marks: [2], behind: undefined });
    expect(hidden).toBe(0);
  });

  it('is in the order of time on an axis of time, without what has not ended', () => {
    const { shape, entries } = curveOf({ ...series, ended_at: [at(10), at(5), at(20), null] }, metric, { x: 'time' });
    expect(entries).toEqual([1, 0, 2]);
    expect(shape).toMatchObject({ x: [5, 10, 20], main: [null, 4, 0], marks: [5] });
  });

  it('leaves out, and counts, what a logarithmic axis has no place for', () => {
    const { shape, hidden } = curveOf(series, metric, { scale: 'log' });
    expect(shape.main).toEqual([4, null, null, 2]);
    expect(hidden).toBe(1);
  });

  it('has the raw line behind the one that is smoothed', () => {
    const { shape } = curveOf(series, metric, { smooth: 0.5 });
    expect(shape.behind).toEqual(metric.mean);
    expect(shape.main[1]).toBeNull();
    expect(shape.main[2]).toBeCloseTo((0.5 * 4) / 1.5);
  });
});

it('smooths nothing that does not change, however much', () => {
  for (const value of smoothed([3, 3, null, 3], 0.99)) expect(value ?? 3).toBeCloseTo(3);
});
