import type { Job } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { addJob, type JobConfiguration } from '../../engine/add-job.js';
import { getJobRow } from '../../reading/job-row.js';
import { presentJob } from '../../reading/present-job.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * Adds a job to the experiment's series and starts it when it is the first in line.
 * Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`.
 */
export async function createJob(ctx: Context, call: Call, input: JobConfiguration): Promise<Job> {
  return takeStep(ctx, call, async (step) => {
    const id = await addJob(step, input);
    return presentJob(await getJobRow(step.tx, input.project_id, id));
  });
}
