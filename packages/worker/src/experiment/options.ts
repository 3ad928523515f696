import type { VergeAI } from '@vergeai/sdk';
import type { Model } from '../model/model.js';
import type { Train } from '../options.js';

/** How to train rounds. */
interface RoundsOptions {
  /** Trains one round, here: it is given the model as the round before left it, and gives it back. */
  readonly train: Train;
  /** With a user's key. Default: one that takes key and address from the environment. */
  readonly client?: VergeAI | undefined;
  /** How many rounds, one after the other. Default: 1. */
  readonly rounds?: number | undefined;
  /** Called at the beginning of each round, at each report and at its end. */
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Ends the training; what is left of it is cancelled. */
  readonly signal?: AbortSignal | undefined;
}

/** How to train a model. */
export interface TrainOptions extends RoundsOptions {
  /** What the training function is given. */
  readonly hyperparameters?: Readonly<Record<string, unknown>> | undefined;
  /** What the experiment is called. */
  readonly name?: string | undefined;
  /** Where the experiment belongs. Default: a project of its own. */
  readonly projectId?: string | undefined;
}

/** Which training to go on with, and how. */
export interface ResumeOptions extends RoundsOptions {
  /** Where the experiment belongs. */
  readonly projectId: string;
  /** The experiment: it has its hyperparameters, and its current model is what the first of these rounds is given. */
  readonly experimentId: string;
}

/** How far the training is. */
export interface TrainProgress {
  /** From 1 on. */
  readonly round: number;
  /** How many there are. */
  readonly rounds: number;
  /** The last value of each number that was reported in this round. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether the round is over and its model stored. */
  readonly done: boolean;
}

/** What came of it. */
export interface Trained {
  /** As the last round left it. */
  readonly model: Model;
  /** The last value of each number that was reported, for each of these rounds. */
  readonly metrics: readonly Readonly<Record<string, number>>[];
  /** Where the experiment belongs. */
  readonly project_id: string;
  /** The experiment, with all of its models, numbers and events. */
  readonly experiment_id: string;
}
