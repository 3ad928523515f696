import { PIXELS, SIDE } from './digits.js';

/** The digits of MNIST fill a box of so many pixels, within the picture. */
const BOX = 20;

/** A drawing, row by row: 0 is paper, 255 is ink. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array | Uint8ClampedArray;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A drawing as the pictures of MNIST were made: shrunk into a box of 20 by 20 pixels, and moved so that its weight is in the
 * middle of 28 by 28. Undefined when nothing is drawn.
 */
export function normalise(drawing: Drawing): Uint8Array | undefined {
  const box = inkedBox(drawing);
  if (!box) return undefined;
  const scale = BOX / Math.max(box.width, box.height);
  const small = shrink(drawing, box, scale);
  return centred(small);
}

function inkedBox({ width, height, ink }: Drawing): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (ink[at]! < 16) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), y];
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Every pixel is the mean of what lies below it: nothing thin is lost. */
function shrink({ width, height, ink }: Drawing, box: Box, scale: number): Drawing {
  const size = { width: Math.max(1, Math.round(box.width * scale)), height: Math.max(1, Math.round(box.height * scale)) };
  const small = new Uint8Array(size.width * size.height);
  for (let y = 0, to = 0; y < size.height; y++) {
    const [top, bottom] = span(y, scale, box.top, height);
    for (let x = 0; x < size.width; x++, to++) {
      const [left, right] = span(x, scale, box.left, width);
      let sum = 0;
      for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) sum += ink[row * width + column]!;
      small[to] = Math.round(sum / ((bottom - top) * (right - left)));
    }
  }
  return { ...size, ink: small };
}

function span(at: number, scale: number, offset: number, end: number): [number, number] {
  const from = Math.min(end - 1, offset + Math.floor(at / scale));
  return [from, Math.min(end, Math.max(from + 1, offset + Math.floor((at + 1) / scale)))];
}

function centred({ width, height, ink }: Drawing): Uint8Array {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      sum += ink[at]!;
      sumX += ink[at]! * (x + 0.5);
      sumY += ink[at]! * (y + 0.5);
    }
  }
  // The box may not leave the picture.
  const left = within(Math.round(SIDE / 2 - sumX / sum), SIDE - width);
  const top = within(Math.round(SIDE / 2 - sumY / sum), SIDE - height);
  const picture = new Uint8Array(PIXELS);
  for (let y = 0; y < height; y++) picture.set(ink.subarray(y * width, (y + 1) * width), (top + y) * SIDE + left);
  return picture;
}

const within = (value: number, most: number): number => Math.max(0, Math.min(most, value));
