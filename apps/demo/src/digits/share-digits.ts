import { seededRandom, seedOf, shuffle } from '../random.js';
import { CLASSES, pick, type Digits } from './digits.js';

/** Of the digits of its own labels a device holds this much; the rest is spread over all devices. */
const AT_HOME = 0.9;

export interface SharedDigits {
  /** Disjoint, one for each device. */
  readonly shards: readonly Digits[];
  /** For judging, on no device. */
  readonly heldOut: Digits;
}

/** Which labels are at home on a device: with four devices 0 1 2, 3 4, 5 6 7 and 8 9. */
export const labelsAtHome = (device: number, devices: number): number[] =>
  Array.from({ length: CLASSES }, (_, label) => label).filter((label) => homeOf(label, devices) === device);

const homeOf = (label: number, devices: number): number => Math.floor((label * devices) / CLASSES);

/** A tenth of `count` digits is held out; the others go to devices, mostly by label, as people differ in what they write. */
export function shareDigits(digits: Digits, devices: number, count: number, seed: number): SharedDigits {
  const random = seededRandom(seedOf(seed, 1));
  const order = shuffle(Uint32Array.from(digits.labels.keys()), random).subarray(0, count);
  const heldOut = Math.floor(order.length / 10);
  const shards = Array.from({ length: devices }, (): number[] => []);
  for (const index of order.subarray(heldOut)) {
    const home = homeOf(digits.labels[index]!, devices);
    const device = random() < AT_HOME ? home : Math.floor(random() * devices);
    shards[device]!.push(index);
  }
  return { shards: shards.map((indices) => pick(digits, indices)), heldOut: pick(digits, order.subarray(0, heldOut)) };
}
