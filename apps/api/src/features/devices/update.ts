import type { JsonText } from '@vergeai/contract';
import { searchName } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

export interface UpdateDevice {
  readonly project_id: string;
  readonly device_id: string;
  readonly device_name?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly config?: JsonText | undefined;
}

/** Changes a device's name, labels and config; what is left out stays. Throws a Refusal `device_not_found`. */
export async function updateDevice(ctx: Context, call: Call, { project_id, device_id, device_name, labels, config }: UpdateDevice) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const { count } = await tx.device.updateMany({
      where: { id: device_id, projectId: project_id, deletedAt: null },
      data: {
        id: device_id,
        ...(device_name !== undefined && { name: device_name, searchName: device_name === null ? null : searchName(device_name) }),
        ...(config && { config: config.text }),
      },
    });
    if (count === 0) throw new Refusal('device_not_found');
    if (labels) {
      await tx.deviceLabel.deleteMany({ where: { deviceId: device_id } });
      await tx.deviceLabel.createMany({ data: labels.map((label) => ({ deviceId: device_id, label, projectId: project_id })) });
    }
    await recordAudit(step, { action: 'device_updated', projectId: project_id, subjectId: device_id, after: { device_name, labels, config } });
    step.signals.push(changed(project_id, 'device', device_id));
    return {};
  });
}
