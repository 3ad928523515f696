import { billableSize, type JobStatus } from '@vergeai/domain';
import type { Step } from '../writing/step.js';
import { endLeases } from './lease.js';
import { startNextJob } from './start-next-job.js';
import { transition } from './transition.js';

/**
 * Ends a job that does not complete and lets the next one start, from where this one started. Gives false when the job
 * had ended before. The caller holds the experiment's row.
 */
export async function endJob(step: Step, jobId: string, how: typeof JobStatus.CANCELLED | typeof JobStatus.FAILED, reason: string): Promise<boolean> {
  const { ctx, tx } = step;
  const job = await tx.job.findUniqueOrThrow({
    where: { id: jobId },
    include: { startModel: { select: { size: true } }, updates: { select: { model: { select: { size: true } } } } },
  });
  const ended = await transition(step, job, how, { endedAt: ctx.clock.now(), reason, billableSize: billableSize(job) });
  if (!ended) return false;
  await ctx.db.run(tx, endLeases({ jobId }));
  await startNextJob(step, job.experimentId);
  return true;
}
