import { CLASSES, pick, type Digits } from '../digits/digits.js';
import type { SharedDigits } from '../digits/share-digits.js';
import { normals, seededRandom, seedOf, shuffle } from '../random.js';

/** How unlike each other devices are: `iid`, all alike; or by what concentration each label is spread over them. */
export type Skew = 'iid' | { readonly dirichlet: number };

/**
 * `held` digits are held out and `train` go to devices. With `iid` each device has as many as any other, of any label. With
 * a Dirichlet distribution, each label is spread over the devices by shares drawn from it: the smaller its concentration, the
 * fewer devices have most of a label. Every device has one digit at least.
 */
export function splitDigits(digits: Digits, { devices, train, held, skew, seed }: { devices: number; train: number; held: number; skew: Skew; seed: number }): SharedDigits {
  const random = seededRandom(seedOf(seed, 11));
  const order = shuffle(Uint32Array.from(digits.labels.keys()), random);
  const heldOut = pick(digits, order.subarray(0, held));
  const rest = order.subarray(held, held + train);
  const shards = skew === 'iid' ? evenly(rest, devices) : byLabel(digits, rest, devices, skew.dirichlet, random);
  return { shards: shards.map((indices) => pick(digits, indices)), heldOut };
}

const evenly = (indices: Uint32Array, devices: number): number[][] =>
  Array.from({ length: devices }, (_, device) => [...indices.subarray(Math.floor((device * indices.length) / devices), Math.floor(((device + 1) * indices.length) / devices))]);

function byLabel(digits: Digits, indices: Uint32Array, devices: number, concentration: number, random: () => number): number[][] {
  const shards = Array.from({ length: devices }, (): number[] => []);
  for (let label = 0; label < CLASSES; label++) {
    const these = indices.filter((index) => digits.labels[index] === label);
    const shares = dirichlet(devices, concentration, random);
    let [sum, from] = [0, 0];
    shares.forEach((share, device) => {
      sum += share;
      const to = device === devices - 1 ? these.length : Math.min(these.length, Math.round(sum * these.length));
      shards[device]!.push(...these.subarray(from, to));
      from = to;
    });
  }
  // A device without a digit would have nothing to train on: one that has the most gives it one.
  for (const shard of shards.filter(({ length }) => length === 0)) {
    shard.push(shards.reduce((richest, other) => (other.length > richest.length ? other : richest)).pop()!);
  }
  return shards;
}

/** Shares that add up to 1. */
function dirichlet(count: number, concentration: number, random: () => number): number[] {
  const normal = normals(random);
  // In logarithms, as with a small concentration most are too small for a float64.
  const logs = Array.from({ length: count }, () => logGamma(concentration, random, normal));
  const greatest = Math.max(...logs);
  const parts = logs.map((log) => Math.exp(log - greatest));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

/** The logarithm of a number drawn from the gamma distribution (Marsaglia and Tsang 2000; for shapes below 1 by their boost). */
function logGamma(shape: number, random: () => number, normal: () => number): number {
  if (shape < 1) return logGamma(shape + 1, random, normal) + Math.log(1 - random()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
