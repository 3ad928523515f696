import { build, statement } from '@vergeai/db';
import { DeviceState, JobStatus, LEASE_SEC, liveStatuses } from '@vergeai/domain';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';
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
    where: { pausedAt: null, jobs: { some: { status: JobStatus.INITIALIZED }, none: { status: { in: [...liveStatuses] } } } },
    select: { id: true, projectId: true },
  });
  const places = waiting.map(({ id, projectId }) => ({ projectId, experimentId: id }));
  await stepThrough(ctx, places, (step, { experimentId }) => startNextJob(step, experimentId));
  await replaceVanishedDevices(ctx, new Date(0));
  await bringBack(ctx);
}

/** Nobody gets more than one lease ahead, and no job has run for less than nothing: a clock was wrong when that was written. */
async function bringBack(ctx: Context): Promise<void> {
  const now = ctx.timebase.now();
  await takeKnownStep(ctx, undefined, { statements: [shortenLeases({ until: new Date(now.getTime() + LEASE_SEC * 1000) })] });
  const ahead = await ctx.db.prisma.job.findMany({
    where: { status: { in: [...liveStatuses] }, startedAt: { gt: new Date(now.getTime() + CLOCKS_DIFFER_MS) }, deadlineAt: { not: null } },
    select: { id: true, projectId: true, experimentId: true, startedAt: true, deadlineAt: true },
  });
  await stepThrough(ctx, ahead, ({ tx }, { id, startedAt, deadlineAt }) =>
    tx.job.updateMany({ where: { id, deadlineAt }, data: { deadlineAt: new Date(deadlineAt!.getTime() - (startedAt!.getTime() - now.getTime())) } }),
  );
}

/** Of servers that are set by the network's time, by far. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

const shortenLeases = statement((to: { until: Date }) =>
  build.updateTable('JobDevice').set({ leaseExpiresAt: to.until }).where('state', '=', DeviceState.LEASED).where('leaseExpiresAt', '>', to.until));
