import { fewestUpdates, JobStatus } from '@vergeai/domain';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { endLeases } from './lease.js';
import { transitionTo } from './transition.js';

interface JobToClose {
  readonly id: string;
  readonly experimentId: string;
  readonly numDevices: number;
  readonly minDevices: number | null;
}

/**
 * Freezes what has come of a job that goes on with fewer updates than all, and asks for the aggregation of exactly that.
 * Gives false, having changed nothing, when too few have come or the job is not in progress. The caller holds the
 * experiment's row, which every update takes first: none comes between the count and the freeze.
 */
export async function closeEarly(step: Step, job: JobToClose): Promise<boolean> {
  const { ctx, tx, signals } = step;
  const { status, updatesReceived } = await tx.job.findUniqueOrThrow({ where: { id: job.id }, select: { status: true, updatesReceived: true } });
  if (job.minDevices === null || status !== JobStatus.IN_PROGRESS || updatesReceived < fewestUpdates(job)) return false;
  if ((await ctx.db.run(tx, transitionTo(job.id, JobStatus.AGGREGATION_IN_PROGRESS, { aggregationStartedAt: ctx.clock.now() }))) === 0) return false;
  recordEvent(step, job.experimentId, { type: 'job_aggregation_in_progress', jobId: job.id, data: { updates: updatesReceived } });
  await ctx.db.run(tx, endLeases({ jobId: job.id }));
  await ctx.tasks.add(tx, 'aggregate', job.id, { jobId: job.id });
  signals.push({ about: 'tasks' });
  return true;
}
