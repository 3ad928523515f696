import { floats, type Model } from '@vergeai/worker';
import { describe, expect, it } from 'vitest';
import { readDigits } from '../src/digits/read-digits.js';
import { pick } from '../src/digits/digits.js';
import { normals, seededRandom } from '../src/random.js';
import { attackersOf, digitsUnder, examplesUnder, spoil } from '../src/simulation/attack.js';
import { newPerceptron, Perceptron } from '../src/simulation/perceptron.js';
import { svgPlot, terminalPlot } from '../src/simulation/plot.js';
import { nameOf } from '../src/simulation/simulation.js';
import { splitDigits } from '../src/simulation/split-digits.js';
import { hyperparameters, trainPerceptron } from '../src/simulation/train-perceptron.js';

const digits = readDigits();
const copyOf = (model: Model): Model => new Map([...model].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
const all = (model: Model): number[] => [...model.values()].flatMap(({ data }) => Array.from(data as Float32Array));
const never = new AbortController().signal;

describe('the perceptron', () => {
  it('steps down the mean slope of a batch, as finite differences show it', () => {
    const few = pick(digits, [12, 1200, 2500, 9000]);
    const batch = Uint32Array.from(few.labels.keys());
    // In float64, since differences of float32 are too coarse; and with biases that are no kink of the rectifier.
    const noise = seededRandom(3);
    const start: Model = new Map([...newPerceptron(seededRandom(1))].map(([name, tensor]) => [name, { ...tensor, data: Float64Array.from(tensor.data as Float32Array, (value) => value + noise() / 50) }]));
    const rate = 1e-6;
    const stepped = copyOf(start);
    new Perceptron(stepped).learn(few, batch, rate);
    const random = seededRandom(2);
    for (const [name, { data }] of start) {
      for (let probe = 0; probe < 12; probe++) {
        const at = Math.floor(random() * data.length);
        const slope = (floats(start, name)[at]! - floats(stepped, name)[at]!) / rate;
        const lossAt = (delta: number) => {
          const moved = copyOf(start);
          floats(moved, name)[at]! += delta;
          return new Perceptron(moved).judge(few).loss;
        };
        expect(slope, `${name} ${at}`).toBeCloseTo((lossAt(1e-5) - lossAt(-1e-5)) / 2e-5, 3);
      }
    }
  });

  it('learns, the same from the same seed', async () => {
    const few = pick(digits, Array.from({ length: 300 }, (_, i) => i * 33));
    const trained = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const model = newPerceptron(seededRandom(1));
        await trainPerceptron(model, few, hyperparameters(seed, 20), { shard: 0, sequence: 1 }, 0, never);
        return model;
      }),
    );
    expect(new Perceptron(trained[0]!).judge(few).accuracy).toBeGreaterThan(0.9);
    expect(all(trained[1]!)).toEqual(all(trained[0]!));
    expect(all(trained[2]!)).not.toEqual(all(trained[0]!));
  });

  it('is held to the model it was given by the proximal term', async () => {
    const few = pick(digits, Array.from({ length: 100 }, (_, i) => i * 99));
    const start = newPerceptron(seededRandom(1));
    const before = all(start);
    const farOff = async (mu: number) => {
      const model = copyOf(start);
      await trainPerceptron(model, few, hyperparameters(1, 3), { shard: 0, sequence: 1 }, mu, never);
      return Math.hypot(...all(model).map((value, i) => value - before[i]!).slice(-330));
    };
    expect(await farOff(5)).toBeLessThan((await farOff(0)) / 2);
  });
});

describe('digits are split', () => {
  const split = (skew: 'iid' | { dirichlet: number }, devices = 10) => splitDigits(digits, { devices, train: 5000, held: 1000, skew, seed: 4 });
  const most = (labels: Uint8Array) => Math.max(...Array.from({ length: 10 }, (_, label) => labels.filter((one) => one === label).length)) / labels.length;

  it('evenly, when devices are alike', () => {
    const { shards, heldOut } = split('iid');
    expect(heldOut.labels).toHaveLength(1000);
    expect(shards.map(({ labels }) => labels.length)).toEqual(Array.from({ length: 10 }, () => 500));
    for (const { labels } of shards) expect(most(labels)).toBeLessThan(0.25);
  });

  it.each([0.1, 0.5, 100])('by labels with a concentration of %d: all of them, and the fewer labels a device has, the smaller it is', (concentration) => {
    const { shards } = split({ dirichlet: concentration });
    expect(shards.reduce((sum, { labels }) => sum + labels.length, 0)).toBe(5000);
    const mean = shards.reduce((sum, { labels }) => sum + most(labels), 0) / shards.length;
    const [from, to] = concentration === 0.1 ? [0.5, 1] : concentration === 0.5 ? [0.25, 0.7] : [0.1, 0.2];
    expect(mean).toBeGreaterThan(from);
    expect(mean).toBeLessThan(to);
  });

  it('so that each of a thousand devices has one at least', () => {
    for (const skew of ['iid', { dirichlet: 0.1 }] as const) {
      const { shards } = split(skew, 1000);
      expect(Math.min(...shards.map(({ labels }) => labels.length))).toBeGreaterThan(0);
      expect(shards.reduce((sum, { labels }) => sum + labels.length, 0)).toBe(5000);
    }
  });
});

describe('an attacker', () => {
  const model = (...values: number[]): Model => new Map([['w', { dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }]]);

  it('of signs sends ten times the opposite of what it has learnt', () => {
    const trained = model(2, 1);
    spoil('sign', trained, model(1, 1), 1);
    expect(all(trained)).toEqual([-9, 1]);
  });

  it('with noise sends what it was given, and noise', () => {
    const start = model(...Array.from({ length: 4000 }, () => 3));
    const trained = copyOf(start);
    spoil('noise', trained, start, 1);
    const mean = all(trained).reduce((sum, value) => sum + value, 0) / 4000;
    const variance = all(trained).reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4000;
    expect(mean).toBeCloseTo(3, 1);
    expect(variance).toBeGreaterThan(0.9);
    expect(variance).toBeLessThan(1.1);
  });

  it('of labels trains on other ones, and a liar claims a million examples too', () => {
    const few = pick(digits, [0, 9999]);
    expect([...digitsUnder('label', few).labels]).toEqual([9, 0]);
    expect([...digitsUnder('liar', few).labels]).toEqual([9, 0]);
    expect([...digitsUnder('sign', few).labels]).toEqual([0, 9]);
    expect([undefined, 'label', 'liar'].map((kind) => examplesUnder(kind as undefined | 'label' | 'liar', 500))).toEqual([500, 500, 1e6]);
  });

  it('is drawn by the seed, as many as asked for', () => {
    expect(attackersOf(3, 10, 1).size).toBe(3);
    expect([...attackersOf(3, 10, 1)]).toEqual([...attackersOf(3, 10, 1)]);
    expect(new Set([1, 2, 3, 4, 5].map((seed) => [...attackersOf(3, 10, seed)].join())).size).toBeGreaterThan(1);
  });
});

it('normal numbers have mean 0 and deviation 1', () => {
  const normal = normals(seededRandom(7));
  const drawn = Array.from({ length: 20_000 }, normal);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length).toBeCloseTo(1, 1);
});

describe('a curve', () => {
  const curves = [
    { name: 'FedAvg', values: [0, 0.5, 1] },
    { name: 'a <b> & c', values: [1, 1, 1] },
  ];

  it('is drawn with letters, from 0 to 100 %', () => {
    const lines = terminalPlot(curves);
    expect(lines[0]).toMatch(/^ 100 % │x +x +x$/);
    expect(lines.find((line) => line.startsWith('  50 %'))).toMatch(/│ +o$/);
    expect(lines.find((line) => line.startsWith('   0 %'))).toMatch(/│o$/);
    expect(lines.slice(-2)).toEqual(['        o FedAvg', '        x a <b> & c']);
  });

  it('is a picture with a line for each, whatever stands in their names', () => {
    const svg = svgPlot('Digits', curves);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).toContain('a &lt;b&gt; &amp; c');
    expect(svg).not.toContain('NaN');
    expect(svgPlot('One round', [{ name: 'FedAvg', values: [0.5] }])).not.toContain('NaN');
  });
});

it('a strategy is called by its type and by what was said of it', () => {
  expect(nameOf('FedAvg')).toBe('FedAvg');
  expect(nameOf({ type: 'FedAdam', weighting: 'uniform', combine: { type: 'FedTrimmedAvg', num_trimmed: 3 } })).toBe('FedAdam, weighting uniform, combine FedTrimmedAvg num_trimmed 3');
});
