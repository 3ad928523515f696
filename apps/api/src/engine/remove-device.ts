import { awaitedStates, deviceDeleted, JobStatus } from '@vergeai/domain';
import { changed } from '../signals/changed.js';
import { recordAudit } from '../writing/record-audit.js';
import type { Step } from '../writing/step.js';
import { lockExperiment } from './lock-experiment.js';
import { replaceDevice } from './replace-device.js';

/**
 * Revokes a device and its key. Running jobs that wait for it draw another one; jobs in the queue do when their turn
 * comes. Gives false, having changed nothing, when the project has no such device, or none of which `only` holds.
 */
export async function removeDevice(step: Step, projectId: string, deviceId: string, only: object = {}): Promise<boolean> {
  const { ctx, tx } = step;
  const now = ctx.clock.now();
  // Looked for by it, see replaceVanishedDevices; a time of day that was set would hide it.
  const deletedAt = ctx.timebase.now();
  const { count } = await tx.device.updateMany({ where: { id: deviceId, projectId, deletedAt: null, ...only }, data: { deletedAt, ephemeralSince: null } });
  if (count === 0) return false;
  await tx.apiKey.updateMany({ where: { deviceId, revokedAt: null }, data: { revokedAt: now } });
  await recordAudit(step, { action: 'device_deleted', projectId, subjectId: deviceId });
  // Should it be waiting for a job at this moment, it hears at once that it waits for nothing.
  step.signals.push({ about: 'devices', ids: [deviceId] }, changed(projectId, 'device', deviceId));
  const waiting = await tx.job.findMany({
    where: { status: JobStatus.IN_PROGRESS, devices: { some: { deviceId, state: { in: [...awaitedStates] } } } },
    // One order for everybody who takes more than one experiment's row.
    orderBy: { experimentId: 'asc' },
  });
  for (const job of waiting) {
    await lockExperiment(step, projectId, job.experimentId);
    await replaceDevice(step, job, deviceId, deviceDeleted);
  }
  return true;
}
