import type { Prisma } from '@vergeai/db';
import { awaitedStates, liveStatuses } from '@vergeai/domain';
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
  const lapsed = { state: 'LEASED' as const, leaseExpiresAt: { lte: ctx.clock.now() } };
  await replaceWhere(ctx, lapsed, 'its lease lapsed');
}

/**
 * Draws another device in the place of each one that was deleted at the very moment its job was started, when neither
 * transaction could see the other.
 */
export async function replaceVanishedDevices(ctx: Context): Promise<void> {
  await replaceWhere(ctx, { state: { in: [...awaitedStates] }, device: { deletedAt: { not: null } } }, 'the device was deleted');
}

async function replaceWhere(ctx: Context, which: Prisma.JobDeviceWhereInput, reason: string): Promise<void> {
  const found = await ctx.db.prisma.jobDevice.findMany({
    where: { ...which, job: { status: 'IN_PROGRESS' } },
    include: { job: { select: { projectId: true, experimentId: true } } },
    orderBy: [{ jobId: 'asc' }, { position: 'asc' }],
    take: AT_ONCE,
  });
  for (const { jobId, deviceId, job } of found) {
    await unlessGone(ctx, () =>
      takeStep(ctx, undefined, async (step) => {
        await lockExperiment(step, job.projectId, job.experimentId);
        // Looked at once more, now that nobody else can move: it may have been renewed, or have submitted.
        const still = await step.tx.jobDevice.findFirst({ where: { ...which, jobId, deviceId, job: { status: 'IN_PROGRESS' } }, include: { job: true } });
        if (still) await replaceDevice(step, still.job, deviceId, reason);
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
