import { awaitedStates } from '@vergeai/domain';
import type { Transaction } from '../../commit.js';
import type { Context } from '../../context.js';
import { timestamp } from '../../present.js';

/** How long a device may be silent before another one is drawn in its place. */
export const LEASE_SEC = 60;

/** Ends the leases on a job that takes no more updates; so a lease that has lapsed is always one to do something about. */
export async function endLeases(tx: Transaction, jobId: string): Promise<void> {
  await tx.jobDevice.updateMany({ where: { jobId, state: 'LEASED' }, data: { state: 'DRAWN', leaseExpiresAt: null } });
}

/** Gives a device its lease on a job, or a longer one; undefined when the job no longer waits for it. */
export async function takeLease(ctx: Context, tx: Transaction | Context['db']['prisma'], jobId: string, deviceId: string) {
  const expiresAt = new Date(ctx.clock.now().getTime() + LEASE_SEC * 1000);
  const { count } = await tx.jobDevice.updateMany({
    where: { jobId, deviceId, state: { in: [...awaitedStates] }, job: { status: 'IN_PROGRESS' } },
    data: { state: 'LEASED', leaseExpiresAt: expiresAt, fence: { increment: 1 } },
  });
  return count === 0 ? undefined : { expires_at: timestamp(expiresAt), duration_sec: LEASE_SEC };
}
