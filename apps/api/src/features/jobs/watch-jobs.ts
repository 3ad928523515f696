import { liveStatuses } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { takeStep } from '../../step.js';
import { endJob } from './end-job.js';
import { lockExperiment } from './lock-experiment.js';
import { replaceDevice } from './replace-device.js';

const AT_ONCE = 100;

/** Cancels every job whose time is up. Nobody needs to be looking. */
export async function cancelOverdueJobs(ctx: Context): Promise<void> {
  const overdue = await ctx.db.prisma.job.findMany({
    where: { status: { in: [...liveStatuses] }, deadlineAt: { lte: ctx.clock.now() } },
    select: { id: true, projectId: true, experimentId: true },
    orderBy: { deadlineAt: 'asc' },
    take: AT_ONCE,
  });
  for (const job of overdue) {
    await unlessGone(ctx, () =>
      takeStep(ctx, undefined, async (step) => {
        await lockExperiment(step, job.projectId, job.experimentId);
        await endJob(step, job.id, 'CANCELLED', 'DurationTerminationCriteria was met');
      }),
    );
  }
}

/** Draws another device in the place of each one whose lease has lapsed. */
export async function replaceSilentDevices(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  const lapsed = await ctx.db.prisma.jobDevice.findMany({
    where: { state: 'LEASED', leaseExpiresAt: { lte: now }, job: { status: 'IN_PROGRESS' } },
    include: { job: true },
    orderBy: { leaseExpiresAt: 'asc' },
    take: AT_ONCE,
  });
  for (const { job, deviceId } of lapsed) {
    await unlessGone(ctx, () =>
      takeStep(ctx, undefined, async (step) => {
        await lockExperiment(step, job.projectId, job.experimentId);
        const { status } = await step.tx.job.findUniqueOrThrow({ where: { id: job.id }, select: { status: true } });
        if (status !== 'IN_PROGRESS') return;
        await replaceDevice(step, job, deviceId, 'its lease lapsed', { leaseExpiresAt: { lte: now } });
      }),
    );
  }
}

/** One job that cannot be served must not keep the others from it. */
async function unlessGone(ctx: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ctx.log.warn({ err: error }, 'a job could not be looked after; it will be looked at again');
  }
}
