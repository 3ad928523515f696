import type { Job } from '@vergeai/contract';
import { JobKind, JobStatus, type DurationCriterion } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { addJob } from '../../engine/add-job.js';
import { choiceOf } from '../../models/device-choice.js';
import { strategyOf } from '../../models/strategy.js';
import { getJobRow } from '../../reading/job-row.js';
import { presentNewJob } from '../../reading/present-job.js';
import { bytesOfIds, type Room } from '../../reading/room.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * A new job, last in line, with the configuration of one that was cancelled or failed. It draws its own devices, from among the same.
 * Throws a Refusal: `job_not_found`, `job_not_retryable`, `not_enough_devices`, `busy`.
 */
export async function retryJob(ctx: Context, call: Call, { project_id, job_id }: { project_id: string; job_id: string }, room: Room): Promise<Job> {
  const { numDevices, numBufferDevices } = await getJobRow(ctx.db.prisma, project_id, job_id);
  await room(bytesOfIds(numDevices + numBufferDevices));
  return takeStep(ctx, call, async (step) => {
    const job = await step.tx.job.findFirst({ where: { id: job_id, projectId: project_id } });
    if (!job) throw new Refusal('job_not_found');
    if (job.status !== JobStatus.CANCELLED && job.status !== JobStatus.FAILED) throw new Refusal('job_not_retryable');
    const configuration = {
      project_id,
      experiment_id: job.experimentId,
      kind: job.kind,
      num_devices: job.numDevices,
      num_buffer_devices: job.numBufferDevices,
      min_devices: job.minDevices ?? undefined,
      device_selection_strategy: job.deviceSelectionStrategy,
      termination_criteria: JSON.parse(job.terminationCriteria) as DurationCriterion[],
      device_timeout_sec: job.deviceTimeoutSec,
      aggregation_strategy: job.kind === JobKind.TRAIN ? strategyOf(job) : undefined,
      ...choiceOf(job),
    };
    const id = await addJob(step, configuration, job.id);
    return presentNewJob(step.tx, project_id, id);
  });
}
