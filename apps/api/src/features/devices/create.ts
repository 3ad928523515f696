import type { JsonText } from '@vergeai/contract';
import { searchName } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import { newApiKey } from '../../access/api-key.js';
import type { Context } from '../../context.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

export interface CreateDevice {
  readonly project_id: string;
  readonly device_name?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly config?: JsonText | undefined;
  readonly ephemeral?: boolean | undefined;
}

/** A new device of a project, with a key that is shown once. */
export async function createDevice(ctx: Context, call: Call, { project_id, device_name, labels = [], config, ephemeral }: CreateDevice) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const id = ctx.newId();
    const createdAt = ctx.clock.now();
    const key = newApiKey('vgd');
    await tx.device.create({
      data: {
        id,
        projectId: project_id,
        createdAt,
        name: device_name ?? null,
        searchName: device_name === undefined ? null : searchName(device_name),
        ephemeralSince: ephemeral ? ctx.timebase.now() : null,
        ...(config && { config: config.text }),
        key: { create: { id: key.id, kind: 'DEVICE', secretHash: ctx.secrets.hashApiKey(key.key), createdAt } },
        labels: { create: labels.map((label) => ({ label, projectId: project_id })) },
      },
      select: { id: true },
    });
    await recordAudit(step, { action: 'device_created', projectId: project_id, subjectId: id });
    step.signals.push(changed(project_id, 'device', id));
    return { device_id: id, device_api_key: key.key };
  });
}
