import { build, query } from '@vergeai/db';
import { DeviceState, JobStatus } from '@vergeai/domain';
import type { Context } from '../context.js';
import type { Step } from '../writing/step.js';
import { silenceSec } from './await-devices.js';
import { seenLately } from './draw.js';
import { endLeases } from './lease.js';
import { stepThrough } from './step-through.js';
import { idleDevices, type JobToServe } from './substitutes.js';
import { tellWaiting } from './tell-waiting.js';

/** So many are told of a place that has become free: not all of a thousand, and not only one that may just be going. */
const TOLD_A_PLACE = 10;

/** Those that nobody waits for have no time, so that these are all that the index gives, and each of them once or twice. */
const overduePlaces = query((at: { now: Date }) =>
  build
    .selectFrom('JobDevice as jd')
    .crossJoin('Job as j')
    .select(['j.projectId', 'j.experimentId', 'jd.jobId'])
    .where('jd.state', '=', DeviceState.DRAWN)
    .where('jd.leaseExpiresAt', '<=', at.now)
    .whereRef('j.id', '=', 'jd.jobId'));

/**
 * Looks after devices that were drawn and do not come: tells whom a job waits for, and opens their places to others once
 * the job's `device_timeout_sec` is over. Who then asks for a job takes such a place (`takePlace`), so nobody makes room
 * for one that is not there either.
 */
export async function openOverduePlaces(ctx: Context): Promise<void> {
  const places = await ctx.db.hot.all(overduePlaces, { now: ctx.timebase.now() });
  const jobs = [...new Map(places.map((place) => [place.jobId, place])).values()];
  await stepThrough(ctx, jobs, async (step, { jobId }) => {
    const job = await step.tx.job.findUniqueOrThrow({ where: { id: jobId } });
    if (job.status === JobStatus.IN_PROGRESS) await lookAtPlaces(step, job);
    // As with leases: one that was drawn as the job ended may not have seen the end.
    else await ctx.db.run(step.tx, endLeases({ jobId }));
  });
}

async function lookAtPlaces(step: Step, job: JobToServe): Promise<void> {
  const { ctx, tx, signals } = step;
  const now = ctx.timebase.now();
  const timeoutMs = job.deviceTimeoutSec * 1000;
  const isDue = { jobId: job.id, state: DeviceState.DRAWN, leaseExpiresAt: { lte: now } };
  const due = await tx.jobDevice.findMany({ where: isDue, select: { awaitedSince: true, leaseExpiresAt: true } });
  if (due.length === 0) return;
  const opened = await tx.jobDevice.updateMany({ where: { ...isDue, awaitedSince: { lte: new Date(now.getTime() - timeoutMs) } }, data: { leaseExpiresAt: null } });
  // The others keep their place for longer than a job keeps silent.
  for (const since of new Set(due.map(({ awaitedSince }) => awaitedSince!.getTime())))
    await tx.jobDevice.updateMany({ where: { ...isDue, awaitedSince: new Date(since) }, data: { leaseExpiresAt: new Date(since + timeoutMs) } });
  await tx.job.updateMany({ where: { id: job.id, waitingSince: null }, data: { waitingSince: ctx.clock.now() } });
  const isNews = due.some(({ awaitedSince, leaseExpiresAt }) => leaseExpiresAt!.getTime() - awaitedSince!.getTime() <= silenceSec(job.deviceTimeoutSec) * 1000);
  if (isNews) await tellWaiting(step, job);
  if (opened.count === 0) return;
  const idle = await seenLately(step, job.projectId, await idleDevices(step, job));
  signals.push({ about: 'devices', ids: idle.slice(0, TOLD_A_PLACE * opened.count) });
}
