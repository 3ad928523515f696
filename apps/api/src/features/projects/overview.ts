import type { PermissionLevel } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { JobStatus, liveStatuses } from '@vergeai/domain';
import type { UserActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { findDevices } from '../../reading/find-devices.js';
import { timestamp } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Each number is a stretch of an index. */
const inNumbers = query((of: { projectId: string; userId: string; yesterday: Date }) =>
  build
    .selectFrom('Project as p')
    .innerJoin('Member as m', 'm.projectId', 'p.id')
    .select(['p.id', 'p.name', 'p.description', 'p.createdAt', 'p.storedBytes', 'm.level'])
    .select(({ selectFrom, cast, fn }) => {
      const counted = cast<number>(fn.countAll(), 'integer').as('rows');
      const experiments = selectFrom('Experiment as e').select(counted).whereRef('e.projectId', '=', 'p.id').where('e.archivedAt', 'is', null);
      const jobs = selectFrom('Job as j').select(counted).whereRef('j.projectId', '=', 'p.id');
      return [
        experiments.where('e.isActive', '=', true).as('active'),
        experiments.where('e.isActive', '=', false).as('idle'),
        jobs.where('j.status', 'in', liveStatuses).as('live'),
        jobs.where('j.status', '=', JobStatus.INITIALIZED).as('queued'),
        jobs.where('j.status', '=', JobStatus.FAILED).where('j.endedAt', '>', of.yesterday).as('failed'),
        selectFrom('Member as o').select(counted).whereRef('o.projectId', '=', 'p.id').as('members'),
      ];
    })
    .where('p.id', '=', of.projectId)
    .where('m.userId', '=', of.userId));

/** A project in numbers, each of them as many as the list has that it leads to. Throws a Refusal `project_not_found`. */
export async function projectOverview(ctx: Context, { userId }: UserActor, { project_id }: { project_id: string }) {
  const yesterday = new Date(ctx.clock.now().getTime() - DAY_MS);
  const row = await ctx.db.hot.get(inNumbers, { projectId: project_id, userId, yesterday });
  if (!row) throw new Refusal('project_not_found');
  return {
    project_id: row.id,
    name: row.name,
    description: row.description,
    permission_level: row.level as PermissionLevel,
    created_at: timestamp(row.createdAt),
    devices: await countDevices(ctx, project_id),
    experiments: { total: row.active! + row.idle!, active: row.active! },
    jobs: { live: row.live!, queued: row.queued!, failed_24h: row.failed! },
    stored_bytes: Number(row.storedBytes),
    members: row.members!,
  };
}

async function countDevices(ctx: Context, projectId: string) {
  const counts = { online: 0, late: 0, offline: 0, never: 0, busy: 0 };
  for await (const devices of findDevices(ctx, projectId, {})) {
    for (const { presence, current } of devices) {
      counts[presence]++;
      if (current) counts.busy++;
    }
  }
  const { online, late, offline, never, busy } = counts;
  return { total: online + late + offline + never, online, busy, late, offline, never_seen: never };
}
