import type { TrimmedMeanParameters } from './specification.js';

/** How many values are left out at either end, of `count`. */
export function numTrimmed(parameters: TrimmedMeanParameters, count: number): number {
  return 'num_trimmed' in parameters ? parameters.num_trimmed : Math.floor(parameters.trim_fraction * count);
}
