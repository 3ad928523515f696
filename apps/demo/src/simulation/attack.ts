import type { Model } from '@vergeai/worker';
import { CLASSES, type Digits } from '../digits/digits.js';
import { normals, seededRandom, seedOf, shuffle } from '../random.js';

/** What an attacker does: a table, so that options, help and devices have the same ones. */
export const attacks = {
  sign: 'sends x − 10(u − x): the opposite of what it has learnt, ten times',
  noise: 'sends x + N(0, 1): the model that it was given, and noise',
  label: 'trains on 9 − y in the place of every label y',
  liar: 'does the same, and claims a million examples',
} as const;

export type AttackKind = keyof typeof attacks;

export interface Attack {
  readonly kind: AttackKind;
  /** By how many devices. */
  readonly count: number;
}

const FLIPS = -10;
const CLAIMED_EXAMPLES = 1e6;

/** Which shards are an attacker's. The strategy has no part in it. */
export function attackersOf(count: number, devices: number, seed: number): ReadonlySet<number> {
  return new Set(shuffle(Uint32Array.from({ length: devices }, (_, shard) => shard), seededRandom(seedOf(seed, 13))).subarray(0, count));
}

/** The digits that a device trains on. */
export function digitsUnder(kind: AttackKind | undefined, digits: Digits): Digits {
  return kind === 'label' || kind === 'liar' ? { ...digits, labels: digits.labels.map((label) => CLASSES - 1 - label) } : digits;
}

export const examplesUnder = (kind: AttackKind | undefined, examples: number): number => (kind === 'liar' ? CLAIMED_EXAMPLES : examples);

/** Changes what was trained from `start` into what is sent, in place. */
export function spoil(kind: AttackKind | undefined, trained: Model, start: Model, seed: number): void {
  if (kind !== 'sign' && kind !== 'noise') return;
  const normal = normals(seededRandom(seed));
  for (const [name, { data }] of trained) {
    const [now, before] = [data as Float32Array, start.get(name)!.data as Float32Array];
    for (let i = 0; i < now.length; i++) now[i] = kind === 'sign' ? before[i]! + FLIPS * (now[i]! - before[i]!) : before[i]! + normal();
  }
}
