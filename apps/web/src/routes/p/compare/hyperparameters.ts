import { leavesOf } from '../../../hyperparameters/leaves.js';
import type { Compared } from './search.js';

export interface ParamRow {
  readonly path: string;
  /** For each experiment what stands there; undefined: nothing. */
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
}

/** What the experiments have at each path, in the order in which they have it. */
export function paramRows(experiments: readonly Compared[], differing: readonly string[]): ParamRow[] {
  const known = experiments.map(({ hyperparameters }) => new Map(leavesOf(hyperparameters)));
  const differs = new Set(differing);
  const paths = new Set(known.flatMap((leaves) => [...leaves.keys()]));
  return [...paths].map((path) => ({ path, values: known.map((leaves) => leaves.get(path)), differs: differs.has(path) }));
}
