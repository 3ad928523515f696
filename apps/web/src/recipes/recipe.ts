import type { Model } from '@vergeai/worker';

/** What a network learns from, and is judged by. */
export interface Examples {
  readonly count: number;
  /** How many numbers describe one. */
  readonly width: number;
  /** Writes those of one example, each around 0 to 1 in size, into a row of `width`. */
  read(index: number, row: Float32Array): void;
  /** The number of its class, or its value. */
  readonly targets: ArrayLike<number>;
}

/** What there is to be learnt: one of so many classes, or a value. */
export type Task = { readonly kind: 'classes'; readonly classes: readonly string[] } | { readonly kind: 'value'; readonly unit: Scale };

/** How a column's numbers are brought to a mean of 0 and a spread of 1. */
export interface Scale {
  readonly mean: number;
  readonly spread: number;
}

/** What a training may be told by the experiment. */
export interface Settings {
  readonly learning_rate: number;
  /** How often a job goes through a device's examples. */
  readonly epochs: number;
}

/** Which of the examples a device takes. */
export interface Place {
  /** From 0, of the devices of one tab. */
  readonly device: number;
  readonly devices: number;
  /** 0: every device has a bit of everything; 1: each has labels of its own. */
  readonly difference: number;
  /** Each tab has its own, so that its devices' examples are others than those of the next tab. */
  readonly seed: number;
}

/** How good a model is on examples that no device trains on. */
export interface Judgement {
  /** `accuracy`: the share that is named rightly. `error`: the root of the mean square, in the unit of the target. */
  readonly measure: 'accuracy' | 'error';
  readonly value: number;
  readonly loss: number;
  /** What is reached without learning: by always naming the most frequent class, or the mean. */
  readonly baseline: number;
  readonly count: number;
}

export interface TrainingProgress {
  /** Aborts when nobody waits for this any more. */
  readonly signal: AbortSignal;
  onProgress(at: Progress): void;
}

export interface Progress {
  /** From 0 to 1, of the whole job. */
  readonly fraction: number;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Means over what was seen since the last report. */
  readonly loss: number;
  readonly accuracy: number | undefined;
  readonly examples: number;
}

/** A recipe with its examples at hand: all that a tab needs to take part in an experiment. */
export interface OpenRecipe {
  readonly task: Task;
  /** A model that has learnt nothing yet, as tensors by name. */
  startModel(seed: number): Model;
  /** The examples that are a device's own. */
  shareOf(place: Place): Examples;
  /** Of these nobody trains on any. */
  readonly heldOut: Examples;
  /** Examples that are not used, as something of them is missing: how many, and the row of the first as a spreadsheet counts. */
  readonly leftOut: { readonly count: number; readonly firstRow: number } | undefined;
}
