import type { VergeAI } from '@vergeai/sdk';
import type { ModelCache } from './model-cache.js';
import type { Model, TrainedModel } from './model/model.js';

/** Which job it is. */
export interface JobInfo {
  readonly id: string;
  readonly experimentId: string;
  /** The job's number in its experiment, from 1 on. */
  readonly sequence: number;
}

/** What a training function is given. */
export interface Training {
  /** The start model. Its numbers are this job's own and may be changed in place. */
  readonly model: Model;
  /** The experiment's. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** This device's own, by `Device.create` or `Device.update`: where its data are, how much it can do. */
  readonly config: Readonly<Record<string, unknown>>;
  /** How strongly the job's strategy holds devices to the model that they were given (FedProx): add μ/2·Σ(w − w₀)² to the loss. 0: not at all. */
  readonly proximalMu: number;
  /**
   * Metrics without which the update is not taken: the loss of the model that was given, above 0. `measureLoss` of the worker's
   * options measures it; without that, the training has to, before its first step.
   */
  readonly requiredMetrics: readonly string[];
  readonly job: JobInfo;
  /**
   * Aborts when the training is for nothing: the job was cancelled, has ended, or went to another device; or the worker
   * was told to abandon it. What the function gives or throws afterwards is ignored.
   */
  readonly signal: AbortSignal;
  /**
   * Notes numbers such as `{ loss: 0.3 }`. Each report is kept with its step (how many came before it, when it is left
   * out) and seen while the job runs, up to 1,000 in a job; the last value of each is sent with the update, too. What is
   * not finite is left out.
   */
  report(metrics: Readonly<Record<string, number>>, step?: number): void;
}

/** What it gives back. */
export interface TrainingResult {
  /** The same tensors as the start model's; written in its format and dtypes. */
  readonly model: TrainedModel;
  /** More than 0: the update's weight in the mean over devices. Either all devices of a job give it, or none does. */
  readonly numExamples?: number | undefined;
  /** Added to what was reported. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
}

/** What an evaluation function is given: the model to measure, and what a training is given of the rest. */
export type Evaluation = Pick<Training, 'model' | 'hyperparameters' | 'config' | 'job' | 'signal' | 'report'>;

/** What it gives back. */
export interface EvaluationResult {
  /** Added to what was reported; together at least one. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** More than 0: its weight in the mean over devices. Either all devices of a job give it, or none does. */
  readonly numExamples?: number | undefined;
}

/** Measures the current model on this device's data, for a job that only evaluates. What holds of `Train` holds of it. */
export type Evaluate = (evaluation: Evaluation) => Promise<EvaluationResult> | EvaluationResult;

/**
 * Trains one job. It must let the event loop run now and then (`await`ing a timer is enough), or keep to a thread of its
 * own: a lease that is not renewed for a minute is lost. When it throws, another device is drawn in this one's place.
 */
export type Train = (training: Training) => Promise<TrainingResult> | TrainingResult;

/** How a job ended for this device: closed means that it does not wait for this device any more. */
export type Outcome = 'submitted' | 'closed' | 'failed' | 'abandoned';

export interface WorkerOptions {
  /** With the device's own key. */
  readonly client: VergeAI;
  readonly projectId: string;
  readonly train: Train;
  /** Called instead of `train` for a job that only evaluates. Without it such a job is reported as failed here, and never trained. */
  readonly evaluate?: Evaluate | undefined;
  /**
   * The loss of `model` on this device's data, above 0: called before the training when the job's strategy weighs devices by it
   * (q-FedAvg), and sent under the name that it asks for, whatever the training reports under that name. It must leave the model
   * as it is.
   */
  readonly measureLoss?: ((given: Pick<Training, 'model' | 'hyperparameters' | 'config' | 'job' | 'signal'>) => Promise<number> | number) | undefined;
  /** How long one request waits for a job, in seconds, from 0 to 60. Default: 30. */
  readonly waitSec?: number | undefined;
  /** How often the lease is renewed, in seconds, and a cancelled job is noticed. Default: a quarter of the lease, which is 15. */
  readonly heartbeatSec?: number | undefined;
  /** Where start models are kept. Default: a `memoryCache()` of the worker's own. */
  readonly cache?: ModelCache | undefined;
  /** A job has been taken. */
  readonly onJob?: ((job: JobInfo) => void) | undefined;
  /** It has ended for this device. */
  readonly onEnd?: ((job: JobInfo, outcome: Outcome) => void) | undefined;
  /**
   * A training that threw, a model that could not be fetched, an update that was refused; and once, without a job, that no
   * answer has come yet, which may be a wrong address or, in a browser, an origin that is not in the server's CORS_ORIGINS.
   * Lost connections are no errors otherwise, but are logged.
   */
  readonly onError?: ((error: unknown, job?: JobInfo) => void) | undefined;
  /** A line on what happens. */
  readonly log?: ((line: string) => void) | undefined;
}
