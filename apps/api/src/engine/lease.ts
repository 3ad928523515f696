import { UnexpectedChanges } from '@vergeai/db';
import { retryWhenBusy, type Transaction } from '../writing/commit.js';
import type { Context } from '../context.js';
import { timestamp } from '../reading/times.js';

/** How long a device may be silent before another one is drawn in its place. */
export const LEASE_SEC = 60;

/** Ends the leases on a job that takes no more updates; so a lease that has lapsed is always one to do something about. */
export async function endLeases(tx: Transaction, jobId: string): Promise<void> {
  await tx.jobDevice.updateMany({ where: { jobId, state: 'LEASED' }, data: { state: 'DRAWN', leaseExpiresAt: null } });
}

/** Gives a device its lease on a job, or a longer one; undefined when the job no longer waits for it. */
export async function takeLease(ctx: Context, jobId: string, deviceId: string) {
  const expiresAt = new Date(ctx.clock.now().getTime() + LEASE_SEC * 1000);
  const lease = {
    sql: `UPDATE "JobDevice" SET "state" = 'LEASED', "leaseExpiresAt" = ?
          WHERE "jobId" = ? AND "deviceId" = ? AND "state" IN ('DRAWN', 'LEASED')
            AND EXISTS (SELECT 1 FROM "Job" j WHERE j."id" = ? AND j."status" = 'IN_PROGRESS')`,
    params: [expiresAt, jobId, deviceId, jobId],
    changes: 1,
  };
  try {
    await retryWhenBusy(ctx, () => ctx.db.write([lease]));
  } catch (error) {
    if (error instanceof UnexpectedChanges) return undefined;
    throw error;
  }
  return { expires_at: timestamp(expiresAt), duration_sec: LEASE_SEC };
}
