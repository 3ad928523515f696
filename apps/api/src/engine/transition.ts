import { sourcesOf, type JobStatus } from '@vergeai/domain';
import type { Prisma } from '@vergeai/db';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';

/**
 * The one place where a job's status changes: only if it is still one from which the table of transitions leads to
 * `to`, with an event in the same transaction. Gives false, having changed nothing, when somebody else was quicker.
 */
export async function transition(
  step: Step,
  job: { readonly id: string; readonly experimentId: string },
  to: JobStatus,
  data: Omit<Prisma.JobUncheckedUpdateManyInput, 'status' | 'version'> & { readonly reason?: string } = {},
): Promise<boolean> {
  const { count } = await step.tx.job.updateMany({
    where: { id: job.id, status: { in: sourcesOf(to) } },
    data: { ...data, status: to, version: { increment: 1 } },
  });
  if (count === 0) return false;
  recordEvent(step, job.experimentId, {
    type: `job_${to.toLowerCase()}`,
    jobId: job.id,
    data: data.reason === undefined ? {} : { reason: data.reason },
  });
  return true;
}
