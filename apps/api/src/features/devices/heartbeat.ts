import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { getDrawnDevice } from '../../engine/drawn-device.js';
import { presentLease } from '../../reading/present-lease.js';
import { renewLease, type Progress } from '../../engine/lease.js';

export interface Heartbeat {
  readonly project_id: string;
  readonly job_id: string;
  readonly progress?: Progress | undefined;
}

/** Keeps a device's lease on a job, and tells whether the job still waits for it. Throws a Refusal `job_not_found`. */
export async function heartbeat(ctx: Context, call: Call<DeviceActor>, { project_id, job_id, progress }: Heartbeat) {
  const { experimentId } = await getDrawnDevice(ctx, project_id, job_id, call.actor.deviceId);
  const expiresAt = await renewLease(ctx, call, { jobId: job_id, experimentId }, progress);
  return { is_device_active: expiresAt !== undefined, lease: expiresAt ? presentLease(expiresAt) : null };
}
