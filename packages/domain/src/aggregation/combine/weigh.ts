import type { Weighting } from '../specification/specification.js';
import { normaliseWeights } from './normalise-weights.js';

/** How much each update counts. With a cap, one that claims more examples counts as if it had just so many. */
export function weigh(numExamples: readonly (number | null)[], weighting: Weighting): Float64Array {
  if (weighting === 'uniform') return normaliseWeights(numExamples.map(() => null));
  if (weighting === 'examples') return normaliseWeights(numExamples);
  return normaliseWeights(numExamples.map((count) => (count === null ? null : Math.min(count, weighting.cap))));
}
