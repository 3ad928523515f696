import type { InputOf } from '@vergeai/sdk';
import type { Plain } from '../../../../code/plain.js';
import { parseJson, readValue } from '../../../../hyperparameters/typed-value.js';

/** A hyperparameter and what it may be, as it was typed. A grid takes values alone; bounds stay for when one draws at random. */
export interface Tried {
  /** Its own as long as the page is open. */
  readonly id: number;
  /** Its path: `optimizer.lr`. */
  readonly name: string;
  readonly as: 'values' | 'linear' | 'log';
  readonly values: string;
  readonly min: string;
  readonly max: string;
}

/** As the request has it: values, or bounds, by the path. */
export type SearchSpace = InputOf<'sweep.create'>['hyperparameters'];
export type Reading = { readonly space: SearchSpace; readonly why?: undefined } | { readonly space?: undefined; readonly why: string };

let lastId = 0;
export const emptyTried = (): Tried => ({ id: ++lastId, name: '', as: 'values', values: '', min: '', max: '' });

/** What was typed as a search space, or why it is none yet. */
export function readTried(given: readonly Tried[], method: 'grid' | 'random'): Reading {
  const filled = given.filter(({ name, values, min, max }) => [name, values, min, max].some((text) => text.trim() !== ''));
  if (filled.length === 0) return { why: 'Name a hyperparameter, and what it may be.' };
  if (filled.some(({ name }) => name === '')) return { why: 'A row has no name.' };
  const twice = filled.find(({ name }, at) => filled.findIndex((one) => one.name === name) !== at);
  if (twice) return { why: `“${twice.name}” is there twice.` };
  const open = filled.find((one) => !isWhole(one, method));
  if (open) return { why: `“${open.name}” has ${hasBounds(open, method) ? 'no two bounds' : 'no values'} yet.` };
  return { space: Object.fromEntries(filled.map((one) => [one.name, choiceOf(one, method)])) };
}

/** How many combinations a grid has of a search space in which all have values. */
export const gridSize = (space: SearchSpace): number => Object.values(space).reduce((size, { values }) => size * (values?.length ?? 1), 1);

const hasBounds = ({ as }: Tried, method: 'grid' | 'random') => method === 'random' && as !== 'values';

const isWhole = (one: Tried, method: 'grid' | 'random') => (hasBounds(one, method) ? one.min !== '' && one.max !== '' : one.values.trim() !== '');

function choiceOf(one: Tried, method: 'grid' | 'random'): SearchSpace[string] {
  if (!hasBounds(one, method)) return { values: readValues(one.values) as SearchSpace[string]['values'] };
  return { min: Number(one.min), max: Number(one.max), ...(one.as === 'log' && { scale: 'log' }) };
}

/** Values with commas between them: JSON where all of it is (`[64], [64, 32]`), else each by itself (`sgd, adam`). */
function readValues(text: string): readonly Plain[] {
  try {
    return parseJson(`[${text}]`) as readonly Plain[];
  } catch {
    return text.split(',').map((one) => readValue(one.trim()));
  }
}
