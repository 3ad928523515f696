export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;

/** Handwritten digits. As bytes, so that a device can be given its share as one file. */
export interface Digits {
  /** 0 to 9, one per digit. */
  readonly labels: Uint8Array;
  /** 784 per digit, row by row: 0 is paper, 255 is ink. */
  readonly pixels: Uint8Array;
}

export const picture = ({ pixels }: Digits, index: number): Uint8Array => pixels.subarray(index * PIXELS, (index + 1) * PIXELS);

/** Labels first, then pixels. */
export function digitsToBytes({ labels, pixels }: Digits): Uint8Array {
  const bytes = new Uint8Array(labels.length + pixels.length);
  bytes.set(labels);
  bytes.set(pixels, labels.length);
  return bytes;
}

export function digitsFromBytes(bytes: Uint8Array): Digits {
  const count = bytes.length / (1 + PIXELS);
  return { labels: bytes.subarray(0, count), pixels: bytes.subarray(count) };
}

export function pick(digits: Digits, indices: ArrayLike<number>): Digits {
  const labels = new Uint8Array(indices.length);
  const pixels = new Uint8Array(indices.length * PIXELS);
  for (let i = 0; i < indices.length; i++) {
    labels[i] = digits.labels[indices[i]!]!;
    pixels.set(picture(digits, indices[i]!), i * PIXELS);
  }
  return { labels, pixels };
}
