import { build, statement } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus, LEASE_SEC } from '@vergeai/domain';
import type { Call, DeviceActor } from '../access/actor.js';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';

/** Why a device is replaced that fell silent. */
export const LEASE_LAPSED = 'its lease lapsed';

const lease = statement((hold: { jobId: string; deviceId: string; expiresAt: Date }) =>
  build
    .updateTable('JobDevice')
    .set({ state: DeviceState.LEASED, leaseExpiresAt: hold.expiresAt })
    .where('jobId', '=', hold.jobId)
    .where('deviceId', '=', hold.deviceId)
    .where('state', 'in', awaitedStates)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('Job').select('Job.id').where('Job.id', '=', hold.jobId).where('Job.status', '=', JobStatus.IN_PROGRESS))), 1);

/**
 * Gives a device its lease on a job, or a longer one, and tells when it ends; undefined when the job no longer waits for it.
 * Its answer is not stored for an Idempotency-Key: renewing twice does no harm, and a thousand devices that beat four
 * times a minute would leave millions of answers a day behind.
 */
export async function takeLease(ctx: Context, { actor, right, requestId, baseUrl }: Call<DeviceActor>, jobId: string): Promise<Date | undefined> {
  const expiresAt = new Date(ctx.timebase.now().getTime() + LEASE_SEC * 1000);
  const statements = [lease({ jobId, deviceId: actor.deviceId, expiresAt })];
  return (await takeKnownStep(ctx, { actor, right, requestId, baseUrl }, { statements })) ? expiresAt : undefined;
}

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
