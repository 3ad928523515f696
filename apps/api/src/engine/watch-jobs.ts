import { build, query } from '@vergeai/db';
import { awaitedStates, deviceDeleted, DeviceState, JobStatus, leaseLapsed, liveStatuses } from '@vergeai/domain';
import type { Context } from '../context.js';
import { closeEarly } from './close-early.js';
import { endJob } from './end-job.js';
import { endLeases } from './lease.js';
import { replaceDevice } from './replace-device.js';
import { stepThrough } from './step-through.js';

/** Longer than any transaction lives. */
const UNSEEN_MS = 60_000;

const overdueJobs = query((at: { now: Date }) =>
  build
    .selectFrom('Job')
    .select(['id', 'projectId', 'experimentId'])
    .where('status', 'in', liveStatuses)
    .where('deadlineAt', '<=', at.now)
    // Where fewer updates are enough, its time is that for waiting: what has come is aggregated, however long that takes.
    .where((job) => job.or([job('minDevices', 'is', null), job('status', '=', JobStatus.IN_PROGRESS)]))
    .orderBy('deadlineAt'));

/** Ends every job whose time is up: it goes on with the updates that have come if so many are enough, and is cancelled if not. Nobody needs to be looking. */
export async function endOverdueJobs(ctx: Context): Promise<void> {
  const overdue = await ctx.db.hot.all(overdueJobs, { now: ctx.timebase.now() });
  await stepThrough(ctx, overdue, async (step, { id }) => {
    const job = await step.tx.job.findUniqueOrThrow({ where: { id } });
    // The last update may have come before this step held the experiment's row.
    if (job.minDevices !== null && job.status !== JobStatus.IN_PROGRESS) return;
    if (await closeEarly(step, job)) return;
    await endJob(step, id, JobStatus.CANCELLED, 'DurationTerminationCriteria was met');
  });
}

/** Leases end with their jobs, so these are all that the index gives. A cross join is one that SQLite does not turn round. */
const lapsedLeases = query((at: { now: Date }) =>
  build
    .selectFrom('JobDevice as jd')
    .crossJoin('Job as j')
    .select(['j.projectId', 'j.experimentId', 'jd.jobId', 'jd.deviceId'])
    .where('jd.state', '=', DeviceState.LEASED)
    .where('jd.leaseExpiresAt', '<=', at.now)
    .whereRef('j.id', '=', 'jd.jobId')
    .orderBy('jd.leaseExpiresAt'));

/** Draws another device in the place of each one whose lease has lapsed, if its job still waits for it. */
export async function replaceSilentDevices(ctx: Context): Promise<void> {
  const silent = await ctx.db.hot.all(lapsedLeases, { now: ctx.timebase.now() });
  await stepThrough(ctx, silent, async (step, { jobId, deviceId }) => {
    // Looked at once more, now that nobody else can move: it may have been renewed.
    const lapsed = { state: DeviceState.LEASED, leaseExpiresAt: { lte: ctx.timebase.now() } };
    const still = await step.tx.jobDevice.findFirst({ where: { jobId, deviceId, ...lapsed }, include: { job: true } });
    if (!still) return;
    if (still.job.status === JobStatus.IN_PROGRESS) await replaceDevice(step, still.job, deviceId, leaseLapsed);
    // On PostgreSQL a lease taken as the job ended may not have seen the end. Else it would be looked at for ever.
    else await ctx.db.run(step.tx, endLeases({ jobId }));
  });
}

const awaitedThoughDeleted = query((at: { since: Date }) =>
  build
    .selectFrom('Device as d')
    .crossJoin('JobDevice as jd')
    .crossJoin('Job as j')
    .select(['j.projectId', 'j.experimentId', 'jd.jobId', 'jd.deviceId'])
    .where('d.deletedAt', '>', at.since)
    .whereRef('jd.deviceId', '=', 'd.id')
    .where('jd.state', 'in', awaitedStates)
    .whereRef('j.id', '=', 'jd.jobId')
    .where('j.status', '=', JobStatus.IN_PROGRESS)
    .orderBy('jd.jobId')
    .orderBy('jd.position'));

/**
 * Draws another device in the place of each one that was deleted at the very moment its job was started, when neither
 * transaction could see the other. Looks at those that were deleted after `since`.
 */
export async function replaceVanishedDevices(ctx: Context, since = new Date(ctx.timebase.now().getTime() - UNSEEN_MS)): Promise<void> {
  const vanished = await ctx.db.hot.all(awaitedThoughDeleted, { since });
  await stepThrough(ctx, vanished, async (step, { jobId, deviceId }) => {
    const job = await step.tx.job.findUniqueOrThrow({ where: { id: jobId } });
    await replaceDevice(step, job, deviceId, deviceDeleted);
  });
}
