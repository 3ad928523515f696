const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

const TWO_53 = 2 ** 53;
// 10^22 is the largest power of ten that a float64 holds exactly.
const EXACT_POWER = 22;
const powersOfTen = Float64Array.from({ length: EXACT_POWER + 1 }, (_, exponent) => Number(`1e${exponent}`));

/** The answer of `parseJsonNumber` when only the general algorithm is exact. */
export const NEEDS_TEXT = -Infinity;

/**
 * The number in `bytes[start … end)`, exactly as JavaScript's Number() reads it; NaN when it is no
 * number by the grammar of RFC 8259; NEEDS_TEXT when the caller must ask Number() itself.
 *
 * A mantissa below 2^53 and a power of ten up to 10^22 are both exact float64, so that one
 * multiplication or division is correctly rounded (Clinger, "How to read floating point numbers
 * accurately", 1990). Everything else is left to Number().
 */
export function parseJsonNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative) at++;

  const integerStart = at;
  let mantissa = 0;
  let digit: number;
  while (at < end && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9) {
    // Inexact from 2^53 onwards, but never below 2^53 again: the test at the end is safe.
    mantissa = mantissa * 10 + digit;
    at++;
  }
  const integerDigits = at - integerStart;
  if (integerDigits === 0 || (integerDigits > 1 && bytes[integerStart] === ZERO)) return NaN;

  let power = 0;
  if (at < end && bytes[at] === DOT) {
    const fractionStart = ++at;
    while (at < end && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      at++;
    }
    power = fractionStart - at;
    if (power === 0) return NaN;
  }

  if (at < end && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
    at++;
    const negativeExponent = bytes[at] === MINUS && at < end;
    if (at < end && (bytes[at] === MINUS || bytes[at] === PLUS)) at++;
    const exponentStart = at;
    let exponent = 0;
    while (at < end && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9) {
      exponent = exponent * 10 + digit;
      at++;
    }
    if (at === exponentStart) return NaN;
    power += negativeExponent ? -exponent : exponent;
  }
  if (at !== end) return NaN;

  if (mantissa >= TWO_53 || power < -EXACT_POWER || power > EXACT_POWER) return NEEDS_TEXT;
  const size = power < 0 ? mantissa / powersOfTen[-power]! : mantissa * powersOfTen[power]!;
  return negative ? -size : size;
}
