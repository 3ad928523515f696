import { awaitedStates, type DeviceState, type JobStatus } from '@vergeai/domain';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

export interface DrawnDevice {
  status: JobStatus;
  experimentId: string;
  /** null: the device was never drawn for the job. */
  state: DeviceState | null;
}

/** How a device stands to a job of its project. Throws a Refusal `job_not_found`. */
export async function findDrawnDevice(ctx: Context, projectId: string, jobId: string, deviceId: string): Promise<DrawnDevice> {
  const row = await ctx.db.hot.get<DrawnDevice>(
    `SELECT j."status", j."experimentId", jd."state" FROM "Job" j
     LEFT JOIN "JobDevice" jd ON jd."jobId" = j."id" AND jd."deviceId" = ?
     WHERE j."id" = ? AND j."projectId" = ?`,
    [deviceId, jobId, projectId],
  );
  if (!row) throw new Refusal('job_not_found');
  return row;
}

/** A device is active in a job while the job is in progress, it was drawn, and it has not submitted. */
export const isActive = ({ status, state }: DrawnDevice): boolean =>
  status === 'IN_PROGRESS' && state !== null && (awaitedStates as readonly DeviceState[]).includes(state);

/** Throws a Refusal that says why an update of this device is not wanted, if it is not. */
export function requireActive(device: DrawnDevice): void {
  if (device.state === null || device.state === 'REPLACED') throw new Refusal('device_not_drawn');
  if (device.status === 'INITIALIZED') throw new Refusal('job_not_started');
  if (device.status !== 'IN_PROGRESS') throw new Refusal('job_closed', `The job is ${device.status}, so it takes no more updates.`);
}

/** The same before an upload: who has submitted may send the same bytes again, not knowing that they arrived. */
export async function requireWanted(ctx: Context, projectId: string, jobId: string, deviceId: string): Promise<DrawnDevice> {
  const device = await findDrawnDevice(ctx, projectId, jobId, deviceId);
  if (device.state !== 'SUBMITTED') requireActive(device);
  return device;
}
