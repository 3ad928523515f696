import { seededRandom, seedOf } from '../random.js';
import type { Place } from '../recipe.js';
import { DIGITS } from './digits.js';

/** Which labels are at home on a device: with four devices 0 1 2, 3 4, 5 6 7 and 8 9. */
export const labelsAtHome = ({ device, devices }: Pick<Place, 'device' | 'devices'>): number[] => DIGITS.map(Number).filter((label) => homeOf(label, devices) === device);

const homeOf = (label: number, devices: number): number => Math.floor((label * devices) / DIGITS.length);

/**
 * Which of the digits with these labels a device has: of each tab's devices one. `difference` says how much of a digit's chance is
 * its label's, as people differ in what they write.
 */
export function digitsOf(labels: Uint8Array, { device, devices, difference, seed }: Place): number[] {
  const random = seededRandom(seedOf(seed, devices));
  const mine: number[] = [];
  labels.forEach((label, index) => {
    const [isAtHome, anywhere] = [random() < difference, Math.floor(random() * devices)];
    if ((isAtHome ? homeOf(label, devices) : anywhere) === device) mine.push(index);
  });
  return mine;
}
