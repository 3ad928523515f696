import { isChangedInteger } from '@vergeai/domain/exact-json';
import { hex } from './hex.js';

/** A string, so that nothing is looked for in it; or an integer of 16 digits or more that is not a part of another number. */
const STRING_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/g;

/**
 * `JSON.parse`, but an integer that a number of JavaScript's would change, such as a seed of 64 bits, is a bigint.
 * @throws SyntaxError
 */
export function readAnswer(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  // Stands ahead of the digits, in a text that nobody else can have written.
  const mark = hex(crypto.getRandomValues(new Uint8Array(16)));
  const marked = text.replace(STRING_OR_LONG_INTEGER, (part) => (isChangedInteger(part) ? `"${mark}${part}"` : part));
  return JSON.parse(marked, (_, value: unknown) => (typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value));
}
