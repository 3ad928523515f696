import { beginsWith, build, contains, over, queryOf } from '@vergeai/db';
import { searchName, type PresenceOfDevice } from '@vergeai/domain';
import type { Context } from '../context.js';
import { readAssignments, sightOf, type Sight } from './device-sight.js';
import { nextTurn } from './next-turn.js';
import type { Position } from './page.js';

const LOOKED_AT_AT_ONCE = 500;

/** Which devices of a project somebody wants to see. */
export interface DeviceFilter {
  readonly status?: 'idle' | 'busy' | undefined;
  /** A part of the name, or the beginning of the id. */
  readonly q?: string | undefined;
  readonly label?: string | undefined;
  readonly presence?: PresenceOfDevice | undefined;
}

export type FoundDevice = Position & Sight;

/**
 * The devices of a project that fit, newest first, some at a time, from behind `after` on; whoever wants no more than `limit` says so.
 * Whether one is there is known partly to the database and partly to this process, so it is looked at one by one.
 */
export async function* findDevices(
  ctx: Context,
  projectId: string,
  filter: DeviceFilter,
  { after: start, limit = Infinity }: { readonly after?: Position | undefined; readonly limit?: number } = {},
): AsyncGenerator<readonly FoundDevice[]> {
  const assignments = await readAssignments(ctx, projectId);
  const take = filter.status || filter.presence ? LOOKED_AT_AT_ONCE : Math.min(LOOKED_AT_AT_ONCE, limit + 1);
  for (let after = start; ; ) {
    const rows = await ctx.db.hot.all(queryOf(devicesAfter(projectId, filter, after, take)), {});
    yield rows.map((row) => ({ ...row, ...sightOf(ctx, row, assignments.get(row.id)) })).filter((device) => fits(device, filter));
    if (rows.length < take) return;
    after = rows.at(-1)!;
    await nextTurn();
  }
}

const fits = ({ presence, current }: Sight, filter: DeviceFilter) =>
  (filter.presence === undefined || filter.presence === presence) && (filter.status === undefined || (filter.status === 'busy') === (current !== null));

const v = over('Device as v');

const devicesAfter = (projectId: string, { q, label }: DeviceFilter, after: Position | undefined, take: number) =>
  build
    .selectFrom('Device as v')
    .select(['v.id', 'v.createdAt', 'v.seenAt'])
    .where('v.projectId', '=', projectId)
    .where('v.deletedAt', 'is', null)
    .where(q === undefined ? v.and([]) : v.or([contains(v.ref('v.searchName'), searchName(q)), beginsWith(v.ref('v.id'), q.toLowerCase())]))
    .where(label === undefined ? v.and([]) : v('v.id', 'in', v.selectFrom('DeviceLabel as l').select('l.deviceId').where('l.projectId', '=', projectId).where('l.label', '=', label)))
    .where(after ? v(v.refTuple('v.createdAt', 'v.id'), '<', v.tuple(after.createdAt, after.id)) : v.and([]))
    .orderBy('v.createdAt', 'desc')
    .orderBy('v.id', 'desc')
    .limit(take);
