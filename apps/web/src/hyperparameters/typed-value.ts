import { literalFor } from '../code/code.js';
import type { Plain } from '../code/plain.js';

/** A value as somebody types it: JSON (`0.01`, `true`, `[1, 2]`, `"1"`), or a text as it is (`adam`). */
export function readValue(text: string): Plain {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** As it has to be typed, on one line, to be read as this. */
export const shownValue = (value: Plain): string => (typeof value === 'string' && !/[\n\r]/.test(value) && readValue(value) === value ? value : literalFor('curl', value));

/** JSON with whole numbers beyond what a number holds kept to their last digit, where the browser tells how they were written. */
export const parseJson = (text: string): Plain =>
  JSON.parse(text, ((_name: string, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value) ? BigInt(source) : value;
  }) as (name: string, value: unknown) => unknown) as Plain;
