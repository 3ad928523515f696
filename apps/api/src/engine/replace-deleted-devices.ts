import { deviceDeleted, DeviceState } from '@vergeai/domain';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { draw } from './draw.js';
import { addDevice, otherDevices, type JobToServe } from './substitutes.js';

/** Before a job starts: devices that were deleted since it was created make room for others. Gives who is drawn now. */
export async function replaceDeletedDevices(step: Step, job: JobToServe): Promise<string[]> {
  const { ctx, tx } = step;
  const { cause, reason } = deviceDeleted;
  const drawn = await tx.jobDevice.findMany({
    where: { jobId: job.id, state: { not: DeviceState.REPLACED } },
    include: { device: { select: { deletedAt: true } } },
    orderBy: { position: 'asc' },
  });
  const deleted = drawn.filter(({ device }) => device.deletedAt).map(({ deviceId }) => deviceId);
  const kept = drawn.map(({ deviceId }) => deviceId).filter((id) => !deleted.includes(id));
  if (deleted.length === 0) return kept;
  await tx.jobDevice.updateMany({ where: { jobId: job.id, deviceId: { in: deleted } }, data: { state: DeviceState.REPLACED, cause, reason, endedAt: ctx.clock.now() } });
  const substitutes = await draw(step, job.projectId, await otherDevices(step, job), deleted.length);
  for (const [at, id] of substitutes.entries()) await addDevice(step, job.id, id, deleted[at]!);
  for (const [at, deviceId] of deleted.entries())
    recordEvent(step, job.experimentId, { type: 'device_replaced', jobId: job.id, deviceId, data: { reason, substitute: substitutes[at] ?? null } });
  return [...kept, ...substitutes];
}
