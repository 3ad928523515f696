import type { Combined, ToCombine } from './combined.js';
import { squaredDistances } from './distances.js';
import { krumScores, leastScores } from './krum-scores.js';
import { weightedMean } from './weighted-mean.js';

/** The places of the updates that lie nearest to their n − f − 2 nearest others, in ascending order. */
export function selectByKrum({ tensors, contributions, reader }: ToCombine, malicious: number, count: number): number[] {
  const everybody = contributions.map((_, place) => place);
  if (everybody.length === 1) return everybody;
  const distances = squaredDistances(tensors, contributions, reader);
  return leastScores(krumScores(distances, everybody.length, everybody, everybody.length - malicious - 2), count);
}

/** The weighted mean of some updates, of which the others are no part. */
export function meanOfSelected({ contributions, reader }: ToCombine, selected: readonly number[], coefficients: Float64Array): Combined {
  const all = new Float64Array(contributions.length);
  selected.forEach((place, i) => (all[place] = coefficients[i]!));
  return {
    ...weightedMean(selected.map((place) => contributions[place]!), coefficients, reader),
    coefficients: all,
    selected: contributions.map((_, place) => selected.includes(place)),
  };
}

/** The weighted mean of all of them. */
export function meanOfAll({ contributions, coefficients, reader }: ToCombine): Combined {
  return { ...weightedMean(contributions, coefficients, reader), coefficients, selected: contributions.map(() => true) };
}
