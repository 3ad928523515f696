import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { removeDevice } from '../../engine/remove-device.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';

/** Revokes a device and its key, see removeDevice. Throws a Refusal `device_not_found`. */
export async function deleteDevice(ctx: Context, call: Call, { project_id, device_id }: { project_id: string; device_id: string }) {
  return takeStep(ctx, call, async (step) => {
    if (!(await removeDevice(step, project_id, device_id))) throw new Refusal('device_not_found');
    return {};
  }, { makesRoom: true });
}
