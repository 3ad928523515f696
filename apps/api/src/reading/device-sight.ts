import { build, queryOf } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus, presenceOf, type PresenceOfDevice, type Standing } from '@vergeai/domain';
import type { Context } from '../context.js';
import { standing } from './standing.js';

/** The running job that waits for a device. */
export interface Assignment {
  readonly jobId: string;
  readonly experimentId: string;
  readonly sequence: number;
  readonly standing: Standing;
  readonly heartbeatAt: Date | null;
}

/** Whether a device is there, and what for. */
export interface Sight {
  readonly presence: PresenceOfDevice;
  /** null: it never was. */
  readonly seenAgoSec: number | null;
  readonly current: Assignment | null;
}

/**
 * The running jobs of a project that wait for devices, by device; of several the one that it has taken, or that runs for longest.
 * Of one device, when only that is asked for. Begins with running jobs: those that a device was drawn for and that wait or
 * have ended may be thousands.
 */
export async function readAssignments(ctx: Context, projectId: string, deviceId?: string): Promise<ReadonlyMap<string, Assignment>> {
  const awaited = build
    .selectFrom('Job as j')
    .crossJoin('JobDevice as d')
    .select(['d.deviceId', 'd.state', 'd.jobId', 'j.experimentId', 'j.sequence', 'd.heartbeatAt'])
    .select(standing(ctx.timebase.now()).as('standing'))
    .where('j.projectId', '=', projectId)
    .where('j.status', '=', JobStatus.IN_PROGRESS)
    .whereRef('d.jobId', '=', 'j.id')
    .where('d.state', 'in', awaitedStates)
    .orderBy('j.startedAt', 'desc')
    .orderBy('j.id', 'desc');
  const assignments = new Map<string, Assignment & { readonly state: DeviceState }>();
  for (const row of await ctx.db.hot.all(queryOf(deviceId === undefined ? awaited : awaited.where('d.deviceId', '=', deviceId)), {})) {
    const known = assignments.get(row.deviceId);
    if (known?.state !== DeviceState.LEASED || row.state === DeviceState.LEASED) assignments.set(row.deviceId, row);
  }
  return assignments;
}

/** What is known of a device: by its row, by this process, and by the job that it has taken. */
export function sightOf({ timebase, presence }: Pick<Context, 'timebase' | 'presence'>, device: { readonly id: string; readonly seenAt: Date | null }, current: Assignment | undefined): Sight {
  const now = timebase.now().getTime();
  const here = presence.seenAgoMs(device.id);
  const ago = [device.seenAt && now - device.seenAt.getTime(), current?.heartbeatAt && now - current.heartbeatAt.getTime(), here].filter((ms) => typeof ms === 'number');
  const seenAgoSec = ago.length === 0 ? null : Math.max(0, Math.min(...ago)) / 1000;
  return { presence: presenceOf(seenAgoSec, current?.standing === 'late'), seenAgoSec, current: current ?? null };
}
