import { membersOf } from './members-of.js';
import { uniform } from './uniform.js';

/** What one hyperparameter may be: one of these values, as JSON text, or a number between two bounds. */
export type Dimension = { readonly values: readonly string[] } | { readonly min: number; readonly max: number; readonly scale: 'linear' | 'log' };

/** The hyperparameters that a sweep tries, by their paths. */
export type SearchSpace = ReadonlyMap<string, Dimension>;

/** One choice of all of them: JSON text by path. */
export type Choice = ReadonlyMap<string, string>;

/** Takes a search space as it was sent, which has been looked at: values come back letter for letter. */
export function readSearchSpace(text: string): SearchSpace {
  return new Map(Array.from(membersOf(text), ([path, dimension]) => [path, readDimension(dimension)]));
}

function readDimension(text: string): Dimension {
  const { values } = Object.fromEntries(membersOf(text));
  if (values !== undefined) return { values: [...membersOf(values).values()] };
  const { min, max, scale = 'linear' } = JSON.parse(text) as { min: number; max: number; scale?: 'linear' | 'log' };
  return { min, max, scale };
}

/** Every choice that there is, where all dimensions have values: in their order, the last dimension's first. */
export function gridOf(space: SearchSpace): Choice[] {
  let choices: Choice[] = [new Map()];
  for (const [path, dimension] of space) {
    if (!('values' in dimension)) throw new RangeError(`${path} has no end of values`);
    choices = choices.flatMap((choice) => dimension.values.map((value) => new Map([...choice, [path, value]])));
  }
  return choices;
}

/** So many choices at random, each for itself, so the same may come twice. The same seed draws the same; of a larger count these are the first. */
export function drawChoices(space: SearchSpace, count: number, seed: number): Choice[] {
  const random = uniform(seed);
  return Array.from({ length: count }, () => new Map(Array.from(space, ([path, dimension]) => [path, drawn(dimension, random())])));
}

function drawn(dimension: Dimension, share: number): string {
  if ('values' in dimension) return dimension.values[Math.floor(share * dimension.values.length)]!;
  const { min, max, scale } = dimension;
  const number = scale === 'log' ? Math.exp(between(Math.log(min), Math.log(max), share)) : between(min, max, share);
  // A logarithm is rounded on its way there and back.
  return JSON.stringify(Math.min(Math.max(number, min), max));
}

/** Not a + (b - a) * share: that difference may be infinite. */
const between = (a: number, b: number, share: number) => a * (1 - share) + b * share;
