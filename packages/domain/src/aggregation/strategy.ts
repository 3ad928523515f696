import type { Combined, ToCombine } from './combine/combined.js';
import type { Step } from './step/step.js';

/**
 * A way to make one model of the updates of many devices: combine them, and where it says so step from the start model
 * towards what they combine to. Nothing may depend on the order in which updates arrived, on the length of blocks or on
 * the attempt: the same round gives the same bytes on every machine. Clipping before it, noise and the one cast after it
 * are the same for all.
 */
export interface Strategy<Parameters> {
  /**
   * Settles what must be known before the first number: coefficients, who is selected. For that it may read the whole
   * round, as often as it has to; a sum over elements is one running sum in the order of tensors and elements.
   * @throws RangeError for a round that it can make nothing of.
   */
  combine(round: ToCombine, parameters: Parameters): Combined;
  /** Whether combining reads the model that the updates were trained from; a step and clipping do by themselves. */
  readonly readsStart?: true;
  /** Without it, what the updates combine to is the new model. */
  readonly step?: (parameters: Parameters) => Step;
}
