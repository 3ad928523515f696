/** A 16-bit float format: bit patterns on one side, exact numbers on the other. */
export interface MiniFloat {
  /** The exact value of each of the 65,536 bit patterns. */
  values(): Float64Array;
  /** The bit pattern nearest to `x`, ties to even; beyond the largest finite value: infinity. */
  fromNumber(x: number): number;
}

// Adding and subtracting 1.5 * 2^52 leaves |x| < 2^51 rounded to an integer, ties to even.
const ROUNDER = 6755399441055744;
const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

/**
 * IEEE 754 binary interchange format with a sign bit and the given field widths (their sum is 15).
 * float64 is rounded once, straight to the target: going through float32 would round twice.
 */
export function miniFloat(exponentBits: number, mantissaBits: number): MiniFloat {
  const bias = 2 ** (exponentBits - 1) - 1;
  const one = 2 ** mantissaBits;
  const infinity = (2 ** exponentBits - 1) * one;
  const smallestNormal = 2 ** (1 - bias);
  const subnormalScale = 2 ** (bias - 1 + mantissaBits);
  // 2^(mantissaBits − exponent) for each biased exponent of the format; Math.pow is slow.
  const scales = Float64Array.from({ length: 2 ** exponentBits }, (_, biased) => 2 ** (mantissaBits + bias - biased));
  let table: Float64Array | undefined;

  function toNumber(bits: number): number {
    const sign = bits & 0x8000 ? -1 : 1;
    const magnitude = bits & 0x7fff;
    const exponent = Math.floor(magnitude / one);
    const mantissa = magnitude % one;
    if (magnitude >= infinity) return mantissa === 0 ? sign * Infinity : NaN;
    if (exponent === 0) return (sign * mantissa) / subnormalScale;
    return sign * (1 + mantissa / one) * 2 ** (exponent - bias);
  }

  function fromNumber(x: number): number {
    if (Number.isNaN(x)) return infinity + one / 2;
    scratch[0] = x;
    const high = words[1]!;
    const sign = (high >>> 16) & 0x8000;
    const size = Math.abs(x);
    // Scaling by a power of two is exact, so the addition below is the only rounding. A mantissa
    // that rounds up to the next power of two carries into the exponent, up to infinity, by itself.
    if (size < smallestNormal) return sign | (size * subnormalScale + ROUNDER - ROUNDER);
    const biased = ((high >>> 20) & 0x7ff) - 1023 + bias;
    if (biased > 2 * bias) return sign | infinity;
    const mantissa = size * scales[biased]! + ROUNDER - ROUNDER;
    return sign | (biased * one + (mantissa - one));
  }

  return {
    values: () => (table ??= Float64Array.from({ length: 65536 }, (_, bits) => toNumber(bits))),
    fromNumber,
  };
}

/** IEEE 754 binary16. */
export const float16 = miniFloat(5, 10);
/** bfloat16: the upper half of a binary32. */
export const bfloat16 = miniFloat(8, 7);
