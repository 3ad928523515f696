import { DeviceState } from '@vergeai/domain';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { draw } from './draw.js';
import { addDevice, otherDevices, type JobToServe } from './substitutes.js';

/** Before a job starts: devices that were deleted since it was created make room for others. Gives who is drawn now. */
export async function replaceDeletedDevices(step: Step, job: JobToServe): Promise<string[]> {
  const { tx } = step;
  const reason = 'the device was deleted';
  const drawn = await tx.jobDevice.findMany({
    where: { jobId: job.id, state: { not: DeviceState.REPLACED } },
    include: { device: { select: { deletedAt: true } } },
    orderBy: { position: 'asc' },
  });
  const deleted = drawn.filter(({ device }) => device.deletedAt).map(({ deviceId }) => deviceId);
  const kept = drawn.map(({ deviceId }) => deviceId).filter((id) => !deleted.includes(id));
  if (deleted.length === 0) return kept;
  await tx.jobDevice.updateMany({ where: { jobId: job.id, deviceId: { in: deleted } }, data: { state: DeviceState.REPLACED, reason } });
  const substitutes = await draw(step, job.projectId, await otherDevices(step, job), deleted.length);
  for (const id of substitutes) await addDevice(step, job.id, id);
  for (const [at, deviceId] of deleted.entries())
    recordEvent(step, job.experimentId, { type: 'device_replaced', jobId: job.id, deviceId, data: { reason, substitute: substitutes[at] ?? null } });
  return [...kept, ...substitutes];
}
