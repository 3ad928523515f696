import { build, query } from '@vergeai/db';
import { awaitedStates, DeviceState, JobKind, JobStatus } from '@vergeai/domain';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

/** How a device stands to a job. */
export interface DrawnDevice {
  readonly kind: JobKind;
  readonly status: JobStatus;
  readonly experimentId: string;
  readonly numDevices: number;
  readonly updatesReceived: number;
  readonly aggregationStrategy: string | null;
  /** null: the device was never drawn for the job. */
  readonly state: DeviceState | null;
}

const drawnDevice = query((at: { projectId: string; jobId: string; deviceId: string }) =>
  build
    .selectFrom('Job as j')
    .leftJoin('JobDevice as jd', (join) => join.onRef('jd.jobId', '=', 'j.id').on('jd.deviceId', '=', at.deviceId))
    .select(['j.kind', 'j.status', 'j.experimentId', 'j.numDevices', 'j.updatesReceived', 'j.aggregationStrategy', 'jd.state'])
    .where('j.id', '=', at.jobId)
    .where('j.projectId', '=', at.projectId));

/** Throws a Refusal `job_not_found` when the project has no such job. */
export async function getDrawnDevice(ctx: Context, projectId: string, jobId: string, deviceId: string): Promise<DrawnDevice> {
  const row = await ctx.db.hot.get(drawnDevice, { projectId, jobId, deviceId });
  if (!row) throw new Refusal('job_not_found');
  return row;
}

/** A device is active in a job while the job is in progress, it was drawn, and it has not submitted. */
export const isActive = ({ status, state }: DrawnDevice): boolean =>
  status === JobStatus.IN_PROGRESS && state !== null && (awaitedStates as readonly DeviceState[]).includes(state);

/** Throws a Refusal that says why an update of this device is not wanted, if it is not. */
export function requireActive({ status, state }: DrawnDevice): void {
  requireDrawn(state);
  if (status === JobStatus.INITIALIZED) throw new Refusal('job_not_started');
  if (status !== JobStatus.IN_PROGRESS) throw new Refusal('job_closed', `The job is ${status}, so it takes no more updates.`);
}

/** The same before an upload: who has submitted may send the same bytes again, not knowing that they arrived. */
export async function requireWanted(ctx: Context, projectId: string, jobId: string, deviceId: string): Promise<DrawnDevice> {
  const device = await getDrawnDevice(ctx, projectId, jobId, deviceId);
  if (device.state !== DeviceState.SUBMITTED) requireActive(device);
  return device;
}

/** Throws a Refusal: `device_not_drawn`, or `job_evaluates` or `job_trains` when what is submitted is for a job of the other kind. */
export function requireKind({ kind, state }: DrawnDevice, wanted: JobKind): void {
  requireDrawn(state);
  if (kind !== wanted) throw new Refusal(kind === JobKind.EVALUATE ? 'job_evaluates' : 'job_trains');
}

function requireDrawn(state: DeviceState | null): void {
  if (state === null || state === DeviceState.REPLACED) throw new Refusal('device_not_drawn');
}
