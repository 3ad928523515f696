import type { Context } from '../../context.js';
import { getDrawnDevice, isActive } from '../../engine/drawn-device.js';

/** Throws a Refusal `job_not_found`. */
export async function isDeviceActive(ctx: Context, { project_id, job_id, device_id }: { project_id: string; job_id: string; device_id: string }) {
  return { is_device_active: isActive(await getDrawnDevice(ctx, project_id, job_id, device_id)) };
}
