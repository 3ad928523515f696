import { awaitedStates, JobStatus } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { recordAudit } from '../../writing/record-audit.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { replaceDevice } from '../../engine/replace-device.js';

/**
 * Revokes a device and its key. Running jobs that wait for it draw another one; jobs in the queue do when their turn
 * comes. Throws a Refusal `device_not_found`.
 */
export async function deleteDevice(ctx: Context, call: Call, { project_id, device_id }: { project_id: string; device_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const now = ctx.clock.now();
    // Looked for by it, see replaceVanishedDevices; a time of day that was set would hide it.
    const deletedAt = ctx.timebase.now();
    const { count } = await tx.device.updateMany({ where: { id: device_id, projectId: project_id, deletedAt: null }, data: { deletedAt } });
    if (count === 0) throw new Refusal('device_not_found');
    await tx.apiKey.updateMany({ where: { deviceId: device_id, revokedAt: null }, data: { revokedAt: now } });
    await recordAudit(step, { action: 'device_deleted', projectId: project_id, subjectId: device_id });
    // Should it be waiting for a job at this moment, it hears at once that it waits for nothing.
    step.signals.push({ about: 'devices', ids: [device_id] });
    const waiting = await tx.job.findMany({
      where: { status: JobStatus.IN_PROGRESS, devices: { some: { deviceId: device_id, state: { in: [...awaitedStates] } } } },
      // One order for everybody who takes more than one experiment's row.
      orderBy: { experimentId: 'asc' },
    });
    for (const job of waiting) {
      await lockExperiment(step, project_id, job.experimentId);
      await replaceDevice(step, job, device_id, 'the device was deleted');
    }
    return {};
  }, { makesRoom: true });
}
