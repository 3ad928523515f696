import type { Examples } from '../recipe.js';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
/** Of those in the file, the last so many are for judging. */
export const HELD_OUT = 400;

/** Handwritten digits as the file has them: first all labels, then all pictures. */
export interface Digits {
  /** 0 to 9, one per digit. */
  readonly labels: Uint8Array;
  /** 784 per digit, row by row: 0 is paper, 255 is ink. */
  readonly pixels: Uint8Array;
}

/** @throws RangeError when these are not the bytes of such a file. */
export function digitsFromBytes(bytes: Uint8Array): Digits {
  const count = bytes.length / (1 + PIXELS);
  if (!Number.isInteger(count) || count <= HELD_OUT) throw new RangeError('The file of digits is not whole.');
  return { labels: bytes.subarray(0, count), pixels: bytes.subarray(count) };
}

export const picture = ({ pixels }: Digits, index: number): Uint8Array => pixels.subarray(index * PIXELS, (index + 1) * PIXELS);

/** Some of the digits, as what a network learns from. */
export function examplesOf(digits: Digits, indices: ArrayLike<number>): Examples {
  return {
    count: indices.length,
    width: PIXELS,
    read: (index, row) => {
      const pixels = picture(digits, indices[index]!);
      for (let at = 0; at < PIXELS; at++) row[at] = pixels[at]! / 255;
    },
    targets: Uint8Array.from(indices, (index) => digits.labels[index]!),
  };
}
