import { DeviceState } from '@vergeai/domain';
import type { Step } from '../writing/step.js';

/** Longest silence about a device that does not come, whatever time the job gives it, in seconds. */
const SILENCE_SEC = 60;

/** How long a device is waited for before that is told. */
export const silenceSec = (deviceTimeoutSec: number): number => Math.min(deviceTimeoutSec, SILENCE_SEC);

/** From now on a job that runs waits for the devices drawn for it, or for one of them. */
export async function awaitDevices({ ctx, tx }: Step, job: { readonly id: string; readonly deviceTimeoutSec: number }, deviceId?: string): Promise<void> {
  const awaitedSince = ctx.timebase.now();
  await tx.jobDevice.updateMany({
    where: { jobId: job.id, state: DeviceState.DRAWN, ...(deviceId !== undefined && { deviceId }) },
    data: { awaitedSince, leaseExpiresAt: new Date(awaitedSince.getTime() + silenceSec(job.deviceTimeoutSec) * 1000) },
  });
}
