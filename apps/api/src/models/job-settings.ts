import type { DurationCriterion, JobKind, StrategyRequest } from '@vergeai/domain';
import type { ChoiceRequest } from './device-choice.js';

/** How jobs are configured, without the experiment that they are of. */
export interface JobSettings extends ChoiceRequest {
  /** undefined: they train. */
  readonly kind?: JobKind | undefined;
  readonly num_devices: number;
  readonly num_buffer_devices: number;
  /** So many updates are enough once the job's time is up; undefined: only all are. */
  readonly min_devices?: number | undefined;
  readonly device_selection_strategy: string;
  readonly termination_criteria: readonly DurationCriterion[];
  /** How long a device that was drawn may take to come before another one may take its place. */
  readonly device_timeout_sec: number;
  /** undefined: the experiment's. */
  readonly aggregation_strategy?: StrategyRequest | undefined;
}
