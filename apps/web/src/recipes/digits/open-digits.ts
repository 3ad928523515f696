import { newNetwork } from '../network/new-network.js';
import type { OpenRecipe } from '../recipe.js';
import { DIGITS, digitsFromBytes, examplesOf, HELD_OUT, PIXELS } from './digits.js';
import { digitsOf } from './share-digits.js';

const HIDDEN = 64;

/** Settings that a newcomer begins with: five jobs on one device or four name nine digits in ten. */
export const digitsSettings = { recipe: 'digits', learning_rate: 0.02, epochs: 2 } as const;

/** Handwritten digits: a network that names them. */
export function openDigits(bytes: Uint8Array): OpenRecipe {
  const digits = digitsFromBytes(bytes);
  const forTraining = digits.labels.length - HELD_OUT;
  return {
    task: { kind: 'classes', classes: DIGITS },
    startModel: (seed) => newNetwork({ inputs: PIXELS, hidden: HIDDEN, outputs: DIGITS.length }, seed),
    shareOf: (place) => examplesOf(digits, digitsOf(digits.labels.subarray(0, forTraining), place)),
    heldOut: examplesOf(digits, Array.from({ length: HELD_OUT }, (_, index) => forTraining + index)),
    leftOut: undefined,
  };
}
