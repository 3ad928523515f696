import { awaitedStates, canReachQuorum, DeviceState, fewestUpdates, isAwaited, JobStatus, type Departure } from '@vergeai/domain';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { awaitDevices } from './await-devices.js';
import { draw } from './draw.js';
import { endJob } from './end-job.js';
import { closeEarly } from './close-early.js';
import { addDevice, idleDevices, type JobToServe } from './substitutes.js';
import { tellWaiting } from './tell-waiting.js';

/**
 * Lets go of a device from which no update will come, and draws an idle one in its place. When there is none and the
 * quorum is out of reach, the job fails. Does nothing when the device is no longer awaited or the job has ended. The
 * caller holds the experiment's row.
 */
export async function replaceDevice(step: Step, job: JobToServe, deviceId: string, { cause, reason }: Departure): Promise<void> {
  const { ctx, tx, signals } = step;
  const { count } = await tx.jobDevice.updateMany({
    // The job may have ended since the caller read it and before the experiment's row was held.
    where: { jobId: job.id, deviceId, state: { in: [...awaitedStates] }, job: { status: JobStatus.IN_PROGRESS } },
    data: { state: DeviceState.REPLACED, leaseExpiresAt: null, cause, reason, endedAt: ctx.clock.now() },
  });
  if (count === 0) return;
  const [substitute] = await draw(step, job.projectId, await idleDevices(step, job), 1);
  if (substitute) {
    await addDevice(step, job.id, substitute, deviceId);
    await awaitDevices(step, job, substitute);
  }
  recordEvent(step, job.experimentId, { type: 'device_replaced', jobId: job.id, deviceId, data: { reason, substitute: substitute ?? null } });
  if (substitute) signals.push({ about: 'devices', ids: [substitute] });
  const drawn = await tx.jobDevice.findMany({ where: { jobId: job.id }, select: { state: true } });
  if (!canReachQuorum(drawn.map(({ state }) => state), fewestUpdates(job))) await endJob(step, job.id, JobStatus.FAILED, `too few devices are left: ${reason}`);
  else if (!drawn.some(({ state }) => isAwaited(state))) await closeEarly(step, job);
  else if (!substitute) await tellWaiting(step, job);
}
