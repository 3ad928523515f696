import type { ModelNumbers } from '../../formats/model-format.js';
import type { TensorSpec } from '../../layout/model-layout.js';
import type { Contribution, ContributionReader } from '../contribution.js';
import type { Plan } from '../round.js';

/** What a rule has to work with. */
export interface ToCombine {
  readonly tensors: readonly TensorSpec[];
  /** In the order of the devices' ids. */
  readonly contributions: readonly Contribution[];
  /** How much each counts, where that is asked for; they sum to 1. */
  readonly coefficients: Float64Array;
  /** The same for some of them, by their places: these sum to 1, too. */
  readonly coefficientsOf: (places: readonly number[]) => Float64Array;
  readonly reader: ContributionReader;
  /** The model that they were trained from, where a strategy says that it reads it. */
  readonly start: ModelNumbers | undefined;
  /** What each device's loss of that model was, where a strategy requires it. */
  readonly losses: readonly (number | undefined)[];
}

/** What the updates come to, and how. */
export interface Combined extends Plan {
  /** How much each update counts in every number of it; null where that differs from number to number. */
  readonly coefficients: Float64Array | null;
  /** Whether each update counts at all. */
  readonly selected: readonly boolean[];
}
