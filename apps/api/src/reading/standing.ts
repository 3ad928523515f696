import { build, over, queryOf } from '@vergeai/db';
import { DeviceState, JobStatus, LATE_SEC, standings, type Standing } from '@vergeai/domain';
import type { Context } from '../context.js';

const e = over('JobDevice as d', 'Job as j');

/**
 * How a device `d` stands to the job `j` that it was drawn for, in the words of tables. `now` is the time that leases go by:
 * since `heartbeat` nothing may have been heard, and since `coming` it may not have come.
 */
export function standing(now: Date) {
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  return e
    .case()
    .when(e.and([e('d.state', '=', DeviceState.REPLACED), e('d.replacedById', 'is not', null)]))
    .then<Standing>('replaced')
    .when('d.state', '=', DeviceState.REPLACED)
    .then<Standing>('failed')
    .when('d.state', '=', DeviceState.SUBMITTED)
    .then<Standing>('submitted')
    .when('j.status', '=', JobStatus.INITIALIZED)
    .then<Standing>('drawn')
    .when('j.status', '!=', JobStatus.IN_PROGRESS)
    .then<Standing>('unused')
    .when(e.and([e('d.state', '=', DeviceState.LEASED), e('d.heartbeatAt', '<=', ago(LATE_SEC.heartbeat))]))
    .then<Standing>('late')
    .when(e.and([e('d.state', '=', DeviceState.DRAWN), e('d.awaitedSince', '<=', ago(LATE_SEC.coming))]))
    .then<Standing>('late')
    .when('d.uploadingAt', 'is not', null)
    .then<Standing>('uploading')
    .when('d.state', '=', DeviceState.LEASED)
    .then<Standing>('training')
    .else<Standing>('drawn')
    .end();
}

/** Since when one is late that is. */
export function lateSince({ standing: how, state, heartbeatAt, awaitedSince }: { standing: Standing; state: DeviceState; heartbeatAt: Date | null; awaitedSince: Date | null }): Date | null {
  if (how !== 'late') return null;
  return state === DeviceState.LEASED ? after(heartbeatAt!, LATE_SEC.heartbeat) : after(awaitedSince!, LATE_SEC.coming);
}

const after = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);

export type DeviceCounts = Readonly<Record<Standing, number>>;

const none = Object.fromEntries(standings.map((how) => [how, 0])) as DeviceCounts;

/** How many of the devices of each of these jobs stand how. */
export async function countDevices(ctx: Context, jobIds: readonly string[]): Promise<(jobId: string) => DeviceCounts> {
  const counted = build
    .selectFrom(
      build
        .selectFrom('JobDevice as d')
        .innerJoin('Job as j', 'j.id', 'd.jobId')
        .select(['d.jobId', standing(ctx.timebase.now()).as('standing')])
        .where('d.jobId', 'in', jobIds)
        .as('s'),
    )
    .select(['s.jobId', 's.standing'])
    .select(({ cast, fn }) => cast<number>(fn.countAll(), 'integer').as('devices'))
    .groupBy(['s.jobId', 's.standing']);
  const counts = new Map<string, Record<Standing, number>>();
  for (const { jobId, standing: how, devices } of await ctx.db.hot.all(queryOf(counted), {})) {
    const ofJob = counts.get(jobId) ?? { ...none };
    counts.set(jobId, ofJob);
    ofJob[how] = devices;
  }
  return (jobId) => counts.get(jobId) ?? none;
}
