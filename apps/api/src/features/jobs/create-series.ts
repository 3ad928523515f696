import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { addJobs, type JobConfiguration } from '../../engine/add-job.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * Adds several jobs with one configuration to the experiment's series, all of them or none.
 * Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`.
 */
export async function createJobSeries(ctx: Context, call: Call, { count, ...input }: JobConfiguration & { readonly count: number }): Promise<{ job_ids: string[] }> {
  return takeStep(ctx, call, async (step) => ({ job_ids: await addJobs(step, input, count) }));
}
