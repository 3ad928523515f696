import type { PermissionLevel } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import type { Context } from '../../context.js';
import { experimentRows } from '../../reading/experiment-row.js';
import { FIRST, inBatches, type Place } from '../../reading/in-batches.js';
import { presentGrowingExperiment } from '../../reading/present-experiment.js';
import { epochSeconds } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';

const AT_ONCE = 500;

const projectById = query((at: { projectId: string }) => build.selectFrom('Project').select(['id', 'name']).where('id', '=', at.projectId));

const devicesAfter = query((after: { projectId: string; createdAt: Date; id: string }) =>
  build
    .selectFrom('Device')
    .select(['id', 'createdAt'])
    .where('projectId', '=', after.projectId)
    .where('deletedAt', 'is', null)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('createdAt', 'id'), '>', tuple(after.createdAt, after.id)))
    .orderBy('createdAt')
    .orderBy('id')
    .limit(AT_ONCE));

const membersAfter = query((after: { projectId: string; userId: string }) =>
  build
    .selectFrom('Member')
    .select(['userId', 'level'])
    .where('projectId', '=', after.projectId)
    .where('userId', '>', after.userId)
    .orderBy('userId')
    .limit(AT_ONCE));

/**
 * A project with all that is in it, as documented, read as it is sent: there is no end to what a project may hold. The lists
 * of devices, experiments and members have pages.
 */
export async function getProject(ctx: Context, { project_id }: { project_id: string }) {
  const project = await getProjectRow(ctx, project_id);
  return {
    name: project.name,
    ID: project.id,
    devices: devices(ctx, project_id),
    experiments: experiments(ctx, project_id),
    members: members(ctx, project_id),
    billing: {},
  };
}

async function getProjectRow(ctx: Context, projectId: string) {
  const project = await ctx.db.hot.get(projectById, { projectId });
  if (!project) throw new Refusal('project_not_found');
  return project;
}

async function* devices(ctx: Context, projectId: string) {
  const rows = inBatches<Place>(AT_ONCE, async (after) => ctx.db.hot.all(devicesAfter, { ...(after ?? FIRST), projectId }));
  for await (const batch of rows) yield batch.map(({ id, createdAt }) => [id, { ID: id, registered_on: epochSeconds(createdAt) }] as const);
}

async function* experiments(ctx: Context, projectId: string) {
  for await (const batch of experimentRows(ctx, projectId)) yield batch.map((row) => [row.id, presentGrowingExperiment(ctx, row)] as const);
}

async function* members(ctx: Context, projectId: string) {
  const rows = inBatches<{ userId: string; level: number }>(AT_ONCE, async (after = { userId: '', level: 0 }) =>
    ctx.db.hot.all(membersAfter, { projectId, userId: after.userId }));
  for await (const batch of rows) yield batch.map(({ userId, level }) => [userId, { permission_level: level as PermissionLevel }] as const);
  // Deleted meanwhile, it would look as if it had held no more than was read until then.
  await getProjectRow(ctx, projectId);
}
