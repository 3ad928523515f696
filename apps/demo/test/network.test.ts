import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { floats, type Model } from '@vergeai/worker';
import { digitsFromBytes, digitsToBytes, PIXELS, picture, pick, type Digits } from '../src/digits/digits.js';
import { readDigits } from '../src/digits/read-digits.js';
import { labelsAtHome, shareDigits } from '../src/digits/share-digits.js';
import { Network, newModel } from '../src/network.js';
import { seededRandom } from '../src/random.js';

const digits = readDigits();

describe('the network', () => {
  it('steps down the slope that finite differences show', () => {
    const [pixels, label] = [picture(digits, 3500), digits.labels[3500]!];
    const only = pick(digits, [3500]);
    // In float64, since differences of float32 are too coarse; and without the zeros at which the rectifier has a kink.
    const noise = seededRandom(3);
    const start: Model = new Map([...newModel(seededRandom(1))].map(([name, tensor]) => [name, { ...tensor, data: Float64Array.from(tensor.data as Float32Array, (value) => value + noise() / 50) }]));
    const copy = (): Model => new Map([...start].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
    const rate = 1e-6;
    const stepped = copy();
    new Network(stepped).learn(pixels, label, rate);
    const random = seededRandom(2);
    for (const [name, { data }] of start) {
      for (let probe = 0; probe < 8; probe++) {
        const at = Math.floor(random() * data.length);
        const slope = (floats(start, name)[at]! - floats(stepped, name)[at]!) / rate;
        const lossAt = (delta: number) => {
          const moved = copy();
          floats(moved, name)[at]! += delta;
          return new Network(moved).judge(only).loss;
        };
        expect(slope, `${name} ${at}`).toBeCloseTo((lossAt(1e-5) - lossAt(-1e-5)) / 2e-5, 3);
      }
    }
  });

  it('learns', () => {
    const model = newModel(seededRandom(1));
    const network = new Network(model);
    const few = pick(digits, [10, 1100, 2200, 3300]);
    const before = network.judge(few).loss;
    for (let round = 0; round < 20; round++) few.labels.forEach((label, index) => network.learn(picture(few, index), label, 0.02));
    expect(network.judge(few)).toMatchObject({ accuracy: 1 });
    expect(network.judge(few).loss).toBeLessThan(before / 2);
  });
});

describe('the shares', () => {
  const { shards, heldOut } = shareDigits(digits, 4, 10_000, 7);

  it('are disjoint, and leave no digit out', () => {
    expect(digits.labels.length).toBe(10_000);
    expect(heldOut.labels.length).toBe(1000);
    expect(shards.reduce((sum, { labels }) => sum + labels.length, 0)).toBe(9000);
    const hashes = (part: Digits) => Array.from(part.labels, (_, index) => createHash('sha1').update(picture(part, index)).digest('hex'));
    expect([heldOut, ...shards].flatMap(hashes).sort().join()).toBe(hashes(digits).sort().join());
  });

  it('are mostly of the labels at home, and have some of every other', () => {
    expect([0, 1, 2, 3].flatMap((device) => labelsAtHome(device, 4))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    shards.forEach(({ labels }, device) => {
      const home = labels.filter((label) => labelsAtHome(device, 4).includes(label)).length / labels.length;
      expect(home).toBeGreaterThan(0.85);
      expect(new Set(labels).size).toBe(10);
    });
  });

  it('travel as one file', () => {
    const shard = shards[1]!;
    const read = digitsFromBytes(digitsToBytes(shard));
    expect(Buffer.compare(read.labels, shard.labels)).toBe(0);
    expect(Buffer.compare(read.pixels, shard.pixels)).toBe(0);
    expect(shard.pixels.length).toBe(shard.labels.length * PIXELS);
  });
});
