import type { PermissionLevel } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { epochSeconds } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';
import { findExperimentRows } from '../../reading/experiment-row.js';
import { presentExperiment } from '../../reading/present-experiment.js';

/** A project with all that is in it, as documented. The lists of devices, experiments and members have pages. */
export async function getProject(ctx: Context, { project_id }: { project_id: string }) {
  const [project, experiments] = await Promise.all([
    ctx.db.prisma.project.findUnique({
      where: { id: project_id },
      include: { members: true, devices: { where: { deletedAt: null }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
    }),
    findExperimentRows(ctx, project_id),
  ]);
  if (!project) throw new Refusal('project_not_found');
  return {
    name: project.name,
    ID: project.id,
    devices: Object.fromEntries(project.devices.map(({ id, createdAt }) => [id, { ID: id, registered_on: epochSeconds(createdAt) }])),
    experiments: Object.fromEntries(experiments.map((row) => [row.id, presentExperiment(row)])),
    members: Object.fromEntries(project.members.map(({ userId, level }) => [userId, { permission_level: level as PermissionLevel }])),
    billing: {},
  };
}
