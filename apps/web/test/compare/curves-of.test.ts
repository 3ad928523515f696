import { describe, expect, it } from 'vitest';
import { curvesOf } from '../../src/routes/p/compare/curves-of.js';
import { bestFinal, csvOf, finalOf } from '../../src/routes/p/compare/finals.js';
import { paramRows } from '../../src/routes/p/compare/hyperparameters.js';
import type { Compared } from '../../src/routes/p/compare/search.js';

const compared = (name: string, more: Partial<Compared>): Compared => ({ experiment_id: name.repeat(32).slice(0, 32), name, hyperparameters: {}, sequence: [], ended_at: [], elapsed_sec: [], examples_seen: [], mean: {}, thinned: 1, ...more });
const at = (second: number) => new Date(second * 1000).toISOString();

const slow = compared('slow', { sequence: [1, 2, 4], ended_at: [at(10), at(20), at(40)], elapsed_sec: [5, 15, 35], examples_seen: [null, 100, 300], mean: { loss: [0.9, 0.5, 0], accuracy: [null, 0.5, null] } });
const fast = compared('fast', { sequence: [1, 3], ended_at: [at(11), at(12)], elapsed_sec: [1, 2], examples_seen: [50, 100], mean: { loss: [0.8, 0.1], accuracy: [0.4, 0.9] } });

describe('curves over one another', () => {
  it('share an axis, and have nothing where the others have something', () => {
    const { lines, read } = curvesOf([slow, fast], 'loss', {});
    expect(lines).toEqual({ x: [1, 2, 3, 4], axis: 'whole', isLog: false, values: [[0.9, 0.5, null, 0], [0.8, null, 0.1, null]] });
    expect([0, 1, 2].map(read)).toEqual(['Job 1: slow 0.9, fast 0.8', 'Job 2: slow 0.5', 'Job 3: fast 0.1']);
  });

  it('stand along time, along time since each began, or along examples', () => {
    expect(curvesOf([slow, fast], 'loss', { x: 'time' }).lines).toMatchObject({ axis: 'time', x: [10, 11, 12, 20, 40] });
    expect(curvesOf([slow, fast], 'loss', { x: 'elapsed' }).lines).toMatchObject({ axis: 'number', x: [1, 2, 5, 15, 35] });
    const examples = curvesOf([slow, fast], 'loss', { x: 'examples' });
    expect(examples.lines.x).toEqual([50, 100, 300]);
    expect(examples.read(1)).toBe('slow, job 2: 0.5; fast, job 3: 0.1');
  });

  it('hide on a logarithmic axis what it cannot show, and count it', () => {
    const { lines, hidden } = curvesOf([slow, fast], 'loss', { scale: 'log' });
    expect(hidden).toBe(1);
    expect(lines.values[0]).toEqual([0.9, 0.5, null]);
  });

  it('are nothing, in words, for a metric that nobody has', () => {
    const { lines, read } = curvesOf([slow, fast], 'constructor', {});
    expect(lines.x).toEqual([]);
    expect(read(0)).toBe('No job has this metric yet.');
  });
});

describe('how each ended', () => {
  it('is what the last job reported that reported it, of which the best is known by the name', () => {
    expect([slow, fast].map((one) => finalOf(one, 'accuracy'))).toEqual([0.5, 0.9]);
    expect([bestFinal([slow, fast], 'accuracy'), bestFinal([slow, fast], 'loss'), bestFinal([slow, slow], 'loss'), bestFinal([slow, fast], 'temperature')]).toEqual([0.9, 0, undefined, undefined]);
  });

  it('is harmless in a spreadsheet', () => {
    expect(csvOf([{ ...fast, name: '=cmd(), "x"' }], ['loss'])).toBe(`experiment_id,name,last_job,loss\r\n${fast.experiment_id},"'=cmd(), ""x""",3,0.1\r\n`);
    expect(csvOf([{ ...fast, mean: { loss: [-1, -2] } }], ['loss'])).toContain(',3,-2\r\n');
  });
});

it('hyperparameters stand side by side by their paths, with what is missing as a gap', () => {
  const rows = paramRows([compared('a', { hyperparameters: { lr: 0.1, layers: [64, { units: 2 }], seed: 9007199254740993n, tags: [] } }), compared('b', { hyperparameters: { lr: '0.1', layers: [64] } })], ['lr', 'layers.1.units', 'seed', 'tags']);
  expect(rows).toEqual([
    { path: 'lr', values: ['0.1', '0.1'], differs: true },
    { path: 'layers.0', values: ['64', '64'], differs: false },
    { path: 'layers.1.units', values: ['2', undefined], differs: true },
    { path: 'seed', values: ['9007199254740993', undefined], differs: true },
    { path: 'tags', values: ['[]', undefined], differs: true },
  ]);
});
