import { DeviceState, NAMED_DEVICES, waitingSentence } from '@vergeai/domain';
import { choiceOf } from '../models/device-choice.js';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { silenceSec } from './await-devices.js';
import type { JobToServe } from './substitutes.js';

/**
 * Tells, in the log of the experiment and in the server's, which devices a running job waits for in vain: when those
 * that are at work or have submitted are too few, and others have not come for so long. Call it when that has changed.
 */
export async function tellWaiting(step: Step, job: JobToServe): Promise<void> {
  const { ctx, tx } = step;
  const now = ctx.timebase.now();
  const working = await tx.jobDevice.count({ where: { jobId: job.id, state: { in: [DeviceState.LEASED, DeviceState.SUBMITTED] } } });
  if (working >= job.numDevices) return;
  const late = { jobId: job.id, state: DeviceState.DRAWN, awaitedSince: { lte: new Date(now.getTime() - silenceSec(job.deviceTimeoutSec) * 1000) } };
  const numDevices = await tx.jobDevice.count({ where: late });
  if (numDevices === 0) return;
  const rows = await tx.jobDevice.findMany({
    where: late,
    select: { deviceId: true, device: { select: { key: { select: { lastUsedAt: true } } } } },
    orderBy: { position: 'asc' },
    take: NAMED_DEVICES,
  });
  const devices = rows.map(({ deviceId, device }) => ({ id: deviceId, lastSeenAt: ctx.presence.lastSeen(deviceId) ?? device.key?.lastUsedAt ?? null }));
  const { updatesReceived } = await tx.job.findUniqueOrThrow({ where: { id: job.id }, select: { updatesReceived: true } });
  recordEvent(step, job.experimentId, {
    type: 'job_waiting',
    jobId: job.id,
    data: {
      updates: updatesReceived,
      num_devices: job.numDevices,
      num_awaited: numDevices,
      devices: Object.fromEntries(devices.map(({ id, lastSeenAt }) => [id, lastSeenAt?.toISOString() ?? null])),
    },
  });
  const sentence = waitingSentence({ updates: updatesReceived, wanted: job.numDevices, devices, numDevices, choice: choiceOf(job) });
  ctx.log.warn({ project_id: job.projectId, experiment_id: job.experimentId, job_id: job.id }, sentence);
}
