import { encode } from '../numbers/codec.js';
import type { DType } from '../numbers/dtype.js';
import type { Numbers } from './round.js';

/**
 * The elements that numbers become in a model, the only time that they are rounded: to nearest, ties to even; integers
 * saturate. Exact integers pass as they are; others are written to `out`, which must hold exactly these elements.
 */
export function cast(dtype: DType, numbers: Numbers, out: Uint8Array): Uint8Array {
  if (numbers instanceof BigInt64Array) return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  encode(dtype, numbers, out);
  return out;
}
