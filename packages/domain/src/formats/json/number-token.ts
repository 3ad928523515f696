import { InvalidModel, quoted } from '../../layout/invalid-model.js';
import { NEEDS_TEXT, parseJsonNumber } from './json-number.js';
import type { ShapeTracker } from './shape-tracker.js';

/** Longest number accepted, in bytes; no float64 needs more than 25 to be written exactly. */
export const MAX_NUMBER_BYTES = 400;

// Letters are part of a token so that NaN, null, 0x1f and the like are refused by their full name.
const tokenBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[-+.0-9A-Za-z_]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Whether a number, or a word in the place of one, can contain this byte. */
export function isTokenByte(byte: number): boolean {
  return tokenBytes[byte] === 1;
}

/** Index after the last byte of the token that starts at `at`, or the length of `bytes`. */
export function tokenEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && tokenBytes[bytes[end]!] === 1) end++;
  return end;
}

/**
 * The finite number written in `bytes[start … end)`; `text` is the same, when it must be read by Number().
 * @throws InvalidModel at the current element of `place` when there is none.
 */
export function readNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: (start: number, end: number) => string,
  place: ShapeTracker,
): number {
  if (end - start > MAX_NUMBER_BYTES) {
    throw new InvalidModel(place.pointer, `A number is longer than ${MAX_NUMBER_BYTES} bytes.`);
  }
  const value = parseJsonNumber(bytes, start, end);
  if (value === NEEDS_TEXT) {
    const number = Number(text(start, end));
    if (Number.isFinite(number)) return number;
    throw new InvalidModel(place.pointer, `${quoted(text(start, end))} is too large for a float64.`);
  }
  if (value === value) return value;
  throw new InvalidModel(place.pointer, `Found ${quoted(text(start, end))} where a finite JSON number was expected.`);
}
