import type { Job } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { addJob, type JobConfiguration } from '../../engine/add-job.js';
import { presentNewJob } from '../../reading/present-job.js';
import { bytesOfIds, type Room } from '../../reading/room.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * Adds a job to the experiment's series and starts it when it is the first in line.
 * Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`, `unknown_devices`, `busy`.
 */
export async function createJob(ctx: Context, call: Call, input: JobConfiguration, room: Room): Promise<Job> {
  await room(bytesOfIds(input.num_devices + input.num_buffer_devices));
  return takeStep(ctx, call, async (step) => {
    const id = await addJob(step, input);
    return presentNewJob(step.tx, input.project_id, id);
  });
}
