import type { Step } from '../writing/step.js';
import { endLeases } from './lease.js';
import { billableInclude, billableSize } from './billable-size.js';
import { startNextJob } from './start-next-job.js';
import { transition } from './transition.js';

/**
 * Ends a job that does not complete and lets the next one start, from where this one started. Gives false when the job
 * had ended before. The caller holds the experiment's row.
 */
export async function endJob(step: Step, jobId: string, how: 'CANCELLED' | 'FAILED', reason: string): Promise<boolean> {
  const job = await step.tx.job.findUniqueOrThrow({ where: { id: jobId }, include: billableInclude });
  const ended = await transition(step, job, how, { endedAt: step.ctx.clock.now(), reason, billableSize: billableSize(job) });
  if (!ended) return false;
  await endLeases(step.tx, jobId);
  await startNextJob(step, job.experimentId);
  return true;
}
