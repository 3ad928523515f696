import type { Call } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { newApiKey } from '../../access/api-key.js';
import { recordAudit } from '../../writing/record-audit.js';

/** A new device of a project, with a key that is shown once. */
export async function createDevice(ctx: Context, call: Call, { project_id }: { project_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const device = { id: ctx.newId(), projectId: project_id, createdAt: ctx.clock.now() };
    const { id, key } = newApiKey('vgd');
    await tx.device.create({
      data: { ...device, key: { create: { id, kind: 'DEVICE', secretHash: ctx.secrets.hashApiKey(key), createdAt: device.createdAt } } },
      select: { id: true },
    });
    await recordAudit(step, { action: 'device_created', projectId: project_id, subjectId: device.id });
    return { device_id: device.id, device_api_key: key };
  });
}
