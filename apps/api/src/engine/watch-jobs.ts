import type { Context } from '../context.js';
import { endJob } from './end-job.js';
import { replaceDevice } from './replace-device.js';
import { stepThrough } from './step-through.js';

/** Longer than any transaction lives, and than the clocks of two servers differ. */
const UNSEEN_MS = 60_000;

/** Cancels every job whose time is up. Nobody needs to be looking. */
export async function cancelOverdueJobs(ctx: Context): Promise<void> {
  const overdue = await ctx.db.hot.all<{ id: string; projectId: string; experimentId: string }>(
    `SELECT j."id", j."projectId", j."experimentId" FROM "Job" j
     WHERE j."status" IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS') AND j."deadlineAt" <= ?
     ORDER BY j."deadlineAt"`,
    [ctx.clock.now()],
  );
  await stepThrough(ctx, overdue, (step, job) => endJob(step, job.id, 'CANCELLED', 'DurationTerminationCriteria was met'));
}

interface AwaitedDevice {
  readonly projectId: string;
  readonly experimentId: string;
  readonly jobId: string;
  readonly deviceId: string;
}

/** Draws another device in the place of each one whose lease has lapsed. */
export async function replaceSilentDevices(ctx: Context): Promise<void> {
  const silent = await ctx.db.hot.all<AwaitedDevice>(
    // Leases end with their jobs, so these are all that the index gives.
    `SELECT j."projectId", j."experimentId", jd."jobId", jd."deviceId" FROM "JobDevice" jd CROSS JOIN "Job" j
     WHERE jd."state" = 'LEASED' AND jd."leaseExpiresAt" <= ? AND j."id" = jd."jobId"
     ORDER BY jd."leaseExpiresAt"`,
    [ctx.clock.now()],
  );
  await stepThrough(ctx, silent, async (step, { jobId, deviceId }) => {
    // Looked at once more, now that nobody else can move: it may have been renewed.
    const lapsed = { state: 'LEASED' as const, leaseExpiresAt: { lte: ctx.clock.now() } };
    const still = await step.tx.jobDevice.findFirst({ where: { jobId, deviceId, ...lapsed }, include: { job: true } });
    if (still) await replaceDevice(step, still.job, deviceId, 'its lease lapsed');
  });
}

/**
 * Draws another device in the place of each one that was deleted at the very moment its job was started, when neither
 * transaction could see the other. Looks at those that were deleted after `since`.
 */
export async function replaceVanishedDevices(ctx: Context, since = new Date(ctx.clock.now().getTime() - UNSEEN_MS)): Promise<void> {
  const vanished = await ctx.db.hot.all<AwaitedDevice>(
    `SELECT j."projectId", j."experimentId", jd."jobId", jd."deviceId" FROM "Device" d CROSS JOIN "JobDevice" jd CROSS JOIN "Job" j
     WHERE d."deletedAt" > ? AND jd."deviceId" = d."id" AND jd."state" IN ('DRAWN', 'LEASED') AND j."id" = jd."jobId" AND j."status" = 'IN_PROGRESS'
     ORDER BY jd."jobId", jd."position"`,
    [since],
  );
  await stepThrough(ctx, vanished, async (step, { jobId, deviceId }) => {
    const job = await step.tx.job.findUniqueOrThrow({ where: { id: jobId } });
    await replaceDevice(step, job, deviceId, 'the device was deleted');
  });
}
