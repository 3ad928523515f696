import { build, statement } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus, LEASE_SEC } from '@vergeai/domain';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';

const lease = statement((hold: { jobId: string; deviceId: string; expiresAt: Date }) =>
  build
    .updateTable('JobDevice')
    .set({ state: DeviceState.LEASED, leaseExpiresAt: hold.expiresAt })
    .where('jobId', '=', hold.jobId)
    .where('deviceId', '=', hold.deviceId)
    .where('state', 'in', awaitedStates)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('Job').select('Job.id').where('Job.id', '=', hold.jobId).where('Job.status', '=', JobStatus.IN_PROGRESS))), 1);

/** Gives a device its lease on a job, or a longer one, and tells when it ends; undefined when the job no longer waits for it. */
export async function takeLease(ctx: Context, jobId: string, deviceId: string): Promise<Date | undefined> {
  const expiresAt = new Date(ctx.clock.now().getTime() + LEASE_SEC * 1000);
  const taken = await takeKnownStep(ctx, undefined, { statements: [lease({ jobId, deviceId, expiresAt })] });
  return taken ? expiresAt : undefined;
}

/** Ends the leases on a job that takes no more updates; so a lease that has lapsed is always one to do something about. */
export const endLeases = statement((of: { jobId: string }) =>
  build
    .updateTable('JobDevice')
    .set({ state: DeviceState.DRAWN, leaseExpiresAt: null })
    .where('jobId', '=', of.jobId)
    .where('state', '=', DeviceState.LEASED));
