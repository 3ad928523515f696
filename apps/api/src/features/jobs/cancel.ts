import { JobStatus } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';
import { endJob } from '../../engine/end-job.js';
import { lockExperimentOfJob } from '../../engine/lock-experiment.js';

/**
 * Cancels a job, queued or running. The experiment's model stays where it was and the next job gets its turn.
 * Cancelling a cancelled job changes nothing. Throws a Refusal: `job_not_found`, `job_ended`.
 */
export async function cancelJob(ctx: Context, call: Call, { project_id, job_id }: { project_id: string; job_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const job = await step.tx.job.findFirst({ where: { id: job_id, projectId: project_id }, select: { status: true } });
    // Final, so it need not be looked at again under the lock, which leaves a trace on the experiment.
    if (job?.status === JobStatus.CANCELLED) return {};
    await lockExperimentOfJob(step, project_id, job_id);
    if (await endJob(step, job_id, JobStatus.CANCELLED, 'cancelled on request')) return {};
    const { status } = await step.tx.job.findUniqueOrThrow({ where: { id: job_id }, select: { status: true } });
    if (status !== JobStatus.CANCELLED) throw new Refusal('job_ended', `The job is ${status}, so it cannot be cancelled.`);
    return {};
  }, { makesRoom: true });
}
