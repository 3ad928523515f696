import type { Fork, Sweep } from '../../../api/sweep.js';
import { wordOf } from '../../../hyperparameters/leaves.js';

/** A path that was tried: in what forks differ, or what all have. */
export interface TriedPath {
  readonly path: string;
  /** What all have there; undefined: they differ. */
  readonly word: string | undefined;
}

/** What was tried, in the order in which it was sent. */
export function triedPaths({ hyperparameters, members }: Sweep): readonly TriedPath[] {
  return Object.keys(hyperparameters).map((path) => {
    const words = new Set(members.map((fork) => chosenFor(fork, path)));
    return { path, word: words.size === 1 && members.length > 1 ? [...words][0] : undefined };
  });
}

/** What a fork has at a path, in words. */
export const chosenFor = ({ hyperparameters }: Fork, path: string): string => (path in hyperparameters ? wordOf(hyperparameters[path]) : '–');

/** The best value that a fork has reached; undefined as long as there are no two to be told apart. */
export function bestValue({ members }: Sweep): number | undefined {
  const values = members.flatMap(({ best }) => (best ? [best.value] : []));
  return new Set(values).size < 2 ? undefined : values[0];
}
