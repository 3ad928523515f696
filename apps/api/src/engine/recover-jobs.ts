import { JobStatus, liveStatuses } from '@vergeai/domain';
import type { Context } from '../context.js';
import { startNextJob } from './start-next-job.js';
import { stepThrough } from './step-through.js';
import { replaceVanishedDevices } from './watch-jobs.js';

/**
 * Puts right, at start, what should not be but would be stuck for ever: a job being aggregated without a task, a queue
 * with nobody at its head, and a job that waits for a device that was deleted. Every move is one transaction, so none
 * of it happens by a crash; a restored backup or a hand in the database may bring it about.
 */
export async function recoverJobs(ctx: Context): Promise<void> {
  const aggregating = await ctx.db.prisma.job.findMany({
    where: { status: JobStatus.AGGREGATION_IN_PROGRESS },
    select: { id: true, projectId: true, experimentId: true },
  });
  await stepThrough(ctx, aggregating, ({ tx }, { id }) => ctx.tasks.add(tx, 'aggregate', id, { jobId: id }));
  const waiting = await ctx.db.prisma.experiment.findMany({
    where: { jobs: { some: { status: JobStatus.INITIALIZED }, none: { status: { in: [...liveStatuses] } } } },
    select: { id: true, projectId: true },
  });
  const places = waiting.map(({ id, projectId }) => ({ projectId, experimentId: id }));
  await stepThrough(ctx, places, (step, { experimentId }) => startNextJob(step, experimentId));
  await replaceVanishedDevices(ctx, new Date(0));
}
