import { literalFor } from '../../../code/code.js';
import type { Plain } from '../../../code/plain.js';
import { parseJson, readValue, shownValue } from '../../../hyperparameters/typed-value.js';

export interface Row {
  /** Its own as long as the page is open. */
  readonly id: number;
  readonly name: string;
  /** JSON, or a text as it is: `0.01`, `true`, `[1, 2]`, `adam`, `"1"`. */
  readonly value: string;
}

/** What somebody has typed, in the one way or the other. */
export type Typed = { readonly as: 'rows'; readonly rows: readonly Row[] } | { readonly as: 'json'; readonly text: string };

export type Values = { readonly [name: string]: Plain };
export type Reading = { readonly values: Values; readonly why?: undefined } | { readonly values?: undefined; readonly why: string };

let lastId = 0;
export const emptyRow = (): Row => ({ id: ++lastId, name: '', value: '' });

/** What was typed as values, or why it is none. */
export function readTyped(typed: Typed): Reading {
  return typed.as === 'rows' ? readRows(typed.rows) : readText(typed.text);
}

/** The same values typed in the other way. */
export const typedAs = (as: Typed['as'], values: Values): Typed =>
  as === 'json' ? { as, text: literalFor('curl', values) } : { as, rows: [...Object.entries(values).map(([name, value]) => ({ ...emptyRow(), name, value: shownValue(value) })), emptyRow()] };

function readRows(given: readonly Row[]): Reading {
  const filled = given.filter(({ name, value }) => name !== '' || value !== '');
  if (filled.some(({ name }) => name === '')) return { why: 'A row has a value and no name.' };
  const twice = filled.find(({ name }, at) => filled.findIndex((one) => one.name === name) !== at);
  if (twice) return { why: `“${twice.name}” is there twice.` };
  return { values: Object.fromEntries(filled.map(({ name, value }) => [name, readValue(value)])) };
}

function readText(text: string): Reading {
  if (text.trim() === '') return { values: {} };
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { values: value as Values };
    return { why: 'It must be an object: {"learning_rate": 0.01}' };
  } catch (error) {
    return { why: `It is not JSON yet: ${(error as Error).message}` };
  }
}
