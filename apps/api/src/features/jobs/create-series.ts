import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import type { JobConfiguration } from '../../engine/add-job.js';
import { addSeries, stopRule, type StopRequest } from '../../engine/add-series.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { startNextJob } from '../../engine/start-next-job.js';
import { takeStep } from '../../writing/take-step.js';

export interface CreateJobSeries extends JobConfiguration {
  readonly count: number;
  readonly stop_when?: StopRequest | undefined;
}

/**
 * Adds several jobs with one configuration to the experiment's series, all of them or none, with the rule by which the rest of them
 * is cancelled. Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`, `unknown_devices`.
 */
export async function createJobSeries(ctx: Context, call: Call, { count, stop_when, ...input }: CreateJobSeries): Promise<{ series_id: string; job_ids: string[] }> {
  return takeStep(ctx, call, async (step) => {
    const experiment = await lockExperiment(step, input.project_id, input.experiment_id);
    const [series] = await addSeries(step, [experiment], input, { count, stopWhen: stopRule(stop_when) });
    await startNextJob(step, experiment.id);
    return series!;
  });
}
