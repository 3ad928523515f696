import { build, statement, type HotStatement } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus, LEASE_SEC } from '@vergeai/domain';
import type { Call, DeviceActor } from '../access/actor.js';
import type { Context } from '../context.js';
import { changedJob } from '../signals/changed.js';
import { takeKnownStep } from '../writing/take-known-step.js';

export interface LeasedJob {
  readonly jobId: string;
  readonly experimentId: string;
}

interface Hold {
  readonly jobId: string;
  readonly deviceId: string;
  readonly expiresAt: Date;
  /** In the time that leases go by. */
  readonly heardAt: Date;
  /** The time of day. */
  readonly now: Date;
}

const held = (of: Hold) =>
  build
    .updateTable('JobDevice')
    .set({ state: DeviceState.LEASED, leaseExpiresAt: of.expiresAt, heartbeatAt: of.heardAt })
    .where('jobId', '=', of.jobId)
    .where('deviceId', '=', of.deviceId)
    .where('state', 'in', awaitedStates)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('Job').select('Job.id').where('Job.id', '=', of.jobId).where('Job.status', '=', JobStatus.IN_PROGRESS)));

/** It begins, perhaps once more: nothing is known of how far it is. */
const begin = statement((of: Hold) => held(of).set({ leasedAt: of.now, uploadingAt: null, progress: null }), 1);
const renew = statement((of: Hold) => held(of).set(({ fn, val }) => ({ leasedAt: fn.coalesce('leasedAt', val(of.now)) })), 1);
const renewAndNote = statement((of: Hold & { progress: string }) => held(of).set(({ fn, val }) => ({ leasedAt: fn.coalesce('leasedAt', val(of.now)), progress: of.progress })), 1);

/** How far a device is, by its own account. */
export interface Progress {
  readonly fraction?: number | undefined;
  readonly step?: number | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
}

/**
 * Gives a device its lease on a job, and tells when it ends; undefined when the job no longer waits for it.
 * Its answer is not stored for an Idempotency-Key: renewing twice does no harm, and a thousand devices that beat four
 * times a minute would leave millions of answers a day behind.
 */
export const takeLease = (ctx: Context, call: Call<DeviceActor>, job: LeasedJob): Promise<Date | undefined> => hold(ctx, call, job, begin);

/** The same to go on, with how far it is. Only the last of that is kept. */
export const renewLease = (ctx: Context, call: Call<DeviceActor>, job: LeasedJob, progress: Progress | undefined): Promise<Date | undefined> =>
  hold(ctx, call, job, progress ? (values) => renewAndNote({ ...values, progress: JSON.stringify(progress) }) : renew);

async function hold(ctx: Context, { actor, right, requestId, baseUrl }: Call<DeviceActor>, { jobId, experimentId }: LeasedJob, statementFor: (values: Hold) => HotStatement): Promise<Date | undefined> {
  const heardAt = ctx.timebase.now();
  const expiresAt = new Date(heardAt.getTime() + LEASE_SEC * 1000);
  const statements = [statementFor({ jobId, deviceId: actor.deviceId, expiresAt, heardAt, now: ctx.clock.now() })];
  const signals = [changedJob(actor.projectId, jobId, experimentId)];
  return (await takeKnownStep(ctx, { actor, right, requestId, baseUrl }, { statements, signals })) ? expiresAt : undefined;
}

/** A device has asked where to put its update. */
export const noteUpload = statement((at: { jobId: string; deviceId: string; now: Date }) =>
  build.updateTable('JobDevice').set({ uploadingAt: at.now }).where('jobId', '=', at.jobId).where('deviceId', '=', at.deviceId).where('state', 'in', awaitedStates));

/**
 * Ends the leases on a job that takes no more updates, and the time of those that have not come; so one that has lapsed
 * is always one to do something about.
 */
export const endLeases = statement((of: { jobId: string }) =>
  build
    .updateTable('JobDevice')
    .set({ state: DeviceState.DRAWN, leaseExpiresAt: null })
    .where('jobId', '=', of.jobId)
    .where('state', 'in', awaitedStates));
