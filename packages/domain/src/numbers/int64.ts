import { roundHalfToEven, saturate } from './rounding.js';
import { viewAs } from './view-as.js';

const WORD = 4294967296;

/**
 * 64-bit integers as float64.
 * @throws RangeError for a value beyond ±2^53: float64 would change it silently.
 */
export function decodeInt64(bytes: Uint8Array, out: Float64Array): void {
  const low = viewAs(Uint32Array, bytes);
  const high = viewAs(Int32Array, bytes);
  for (let i = 0; i < out.length; i++) {
    const value = high[2 * i + 1]! * WORD + low[2 * i]!;
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      throw new RangeError(`The I64 at index ${i} lies beyond 2^53 and does not fit a float64.`);
    }
    out[i] = value;
  }
}

/** float64 as 64-bit integers: ties to even, saturated to the range. */
export function encodeInt64(values: Float64Array, out: Uint8Array): void {
  const target = new DataView(out.buffer, out.byteOffset, out.byteLength);
  for (let i = 0; i < values.length; i++) {
    const rounded = roundHalfToEven(values[i]!);
    // 2^63 itself is no int64, and the largest int64 is no float64.
    if (rounded >= 2 ** 63) {
      target.setBigInt64(8 * i, 2n ** 63n - 1n, true);
      continue;
    }
    const value = saturate(rounded, -(2 ** 63), 2 ** 63);
    const high = Math.floor(value / WORD);
    target.setUint32(8 * i, value - high * WORD, true);
    target.setInt32(8 * i + 4, high, true);
  }
}
