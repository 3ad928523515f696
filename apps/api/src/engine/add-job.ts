import type { Step } from '../writing/step.js';
import type { JobSettings } from '../models/job-settings.js';
import { insertJobs } from './insert-jobs.js';
import { lockExperiment } from './lock-experiment.js';
import { seriesToJoin } from './series.js';
import { startNextJob } from './start-next-job.js';

/** What a job is asked for with. */
export interface JobConfiguration extends JobSettings {
  readonly project_id: string;
  readonly experiment_id: string;
}

/**
 * Adds a job to the experiment's series, starts it when it is the first in line, and gives its id. `retryOf` is the job
 * it repeats. Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`, `unknown_devices`,
 * `strategy_needs_more_devices`, `strategy_too_many_devices`.
 */
export async function addJob(step: Step, input: JobConfiguration, retryOf?: string): Promise<string> {
  const experiment = await lockExperiment(step, input.project_id, input.experiment_id);
  const seriesId = retryOf === undefined ? null : await seriesToJoin(step.tx, retryOf);
  const [ids] = await insertJobs(step, [{ ...experiment, seriesId }], input, { count: 1, retryOf });
  await startNextJob(step, experiment.id);
  return ids![0]!;
}
