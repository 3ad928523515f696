import type { ModelNumbers } from '../formats/model-format.js';
import type { Block } from '../layout/blocks.js';
import type { TensorSpec } from '../layout/model-layout.js';

/** What there is to work with. All of it can be read block by block, and nothing is read unless it is asked for. */
export interface Round {
  /** What the model is made of, in the order in which it is written. */
  readonly tensors: readonly TensorSpec[];
  /** In the order of the devices' ids. */
  readonly updates: readonly Update[];
  /** The model that they were trained from, for who clips by it or steps from it. */
  readonly start?: ModelNumbers;
  /** For who keeps something from round to round. */
  readonly state?: RoundState;
  /** For who adds noise. */
  readonly gaussian?: Gaussian;
}

export interface Update extends ModelNumbers {
  /** How many examples it was trained on, as the device says; null when no device of the round says so. */
  readonly numExamples: number | null;
  /** The device's loss of the start model, above 0, for a strategy that requires it. */
  readonly loss?: number | undefined;
}

/**
 * What a strategy keeps from round to round: a model of its own kind, with F64 tensors of its own naming and a few
 * notes. What one round leaves, the next one finds.
 */
export interface RoundState {
  /** Undefined in the first round. */
  readonly before: (ModelNumbers & { readonly notes: ReadonlyMap<string, string> }) | undefined;
  /** Takes a block of what this round leaves; the values are copied. */
  keep(block: Block, values: Float64Array): void;
  note(name: string, text: string): void;
}

/**
 * Standard normal numbers: fills `out` with those from number `at` on. The same round has the same ones in every attempt,
 * and nobody can know them beforehand.
 */
export type Gaussian = (at: number, out: Float64Array) => void;

/** Makes the new model, a block at a time. */
export interface Plan {
  /** Most elements that a block may have: as many as keep what is held at once in the cache, or in bounds. */
  readonly blockLength: number;
  /** This block of the new model; good until the next call. */
  numbers(block: Block): Numbers;
}

/** Numbers as they are worked with, not rounded to the tensor's dtype yet: float64, and for I64 exact integers. */
export type Numbers = Float64Array | BigInt64Array;
