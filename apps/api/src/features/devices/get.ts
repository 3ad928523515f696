import { build, query } from '@vergeai/db';
import type { Context } from '../../context.js';
import { deviceFacts } from '../../reading/device-facts.js';
import { readAssignments, sightOf } from '../../reading/device-sight.js';
import { Refusal } from '../../refusal.js';

const deviceById = query((at: { projectId: string; deviceId: string }) =>
  build.selectFrom('Device').select(['id', 'seenAt']).where('id', '=', at.deviceId).where('projectId', '=', at.projectId).where('deletedAt', 'is', null));

/** A device as a list shows it. Throws a Refusal `device_not_found`. */
export async function getDevice(ctx: Context, { project_id, device_id }: { project_id: string; device_id: string }) {
  const row = await ctx.db.hot.get(deviceById, { projectId: project_id, deviceId: device_id });
  if (!row) throw new Refusal('device_not_found');
  const assignments = await readAssignments(ctx, project_id, device_id);
  const [device] = await deviceFacts(ctx, [{ id: device_id, ...sightOf(ctx, row, assignments.get(device_id)) }]);
  if (!device) throw new Refusal('device_not_found');
  return device;
}
