import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { getDrawnDevice } from '../../engine/drawn-device.js';
import { presentLease } from '../../reading/present-lease.js';
import { takeLease } from '../../engine/lease.js';

/** Keeps a device's lease on a job, and tells whether the job still waits for it. Throws a Refusal `job_not_found`. */
export async function heartbeat(ctx: Context, call: Call<DeviceActor>, { project_id, job_id }: { project_id: string; job_id: string }) {
  await getDrawnDevice(ctx, project_id, job_id, call.actor.deviceId);
  const expiresAt = await takeLease(ctx, call, job_id);
  return { is_device_active: expiresAt !== undefined, lease: expiresAt ? presentLease(expiresAt) : null };
}
