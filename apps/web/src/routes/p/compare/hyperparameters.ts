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

/** `optimizer.name`, and what stands there. An empty list or object stands for itself. */
function leavesOf(value: unknown, path = ''): [string, string][] {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (members.length === 0) return path === '' ? [] : [[path, wordOf(value)]];
  return members.flatMap(([name, member]) => leavesOf(member, path === '' ? name : `${path}.${name}`));
}

// JSON has no word for an integer of any size.
const wordOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : JSON.stringify(value));
