import { beginsWith, build, contains, over, queryOf } from '@vergeai/db';
import { searchName, type PresenceOfDevice } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { deviceFacts } from '../../reading/device-facts.js';
import { readAssignments, sightOf, type Sight } from '../../reading/device-sight.js';
import { nextTurn } from '../../reading/next-turn.js';
import { readCursor, writeCursor, type PageRequest, type Position } from '../../reading/page.js';

const SHOWN_AT_ONCE = 50;
const LOOKED_AT_AT_ONCE = 500;

export interface DeviceFilter {
  readonly status?: 'idle' | 'busy' | undefined;
  /** A part of the name, or the beginning of the id. */
  readonly q?: string | undefined;
  readonly label?: string | undefined;
  readonly presence?: PresenceOfDevice | undefined;
}

type Found = Position & Sight;

/** The devices of a project, newest first, read as they are sent. */
export async function listDevices(ctx: Context, { project_id }: { project_id: string }, query: PageRequest & DeviceFilter) {
  const start = query.cursor === undefined ? undefined : readCursor(query.cursor);
  let next: string | null = null;
  async function* data() {
    let left = query.limit;
    let last: Found | undefined;
    for await (const found of findDevices(ctx, project_id, query, start)) {
      const shown = found.slice(0, left);
      for (let at = 0; at < shown.length; at += SHOWN_AT_ONCE) yield await deviceFacts(ctx, shown.slice(at, at + SHOWN_AT_ONCE));
      left -= shown.length;
      last = shown.at(-1) ?? last;
      // There is one more.
      if (found.length > shown.length) {
        next = writeCursor(last!);
        return;
      }
    }
  }
  return { data: data(), next_cursor: () => next };
}

/** Whether one is there is known partly to the database and partly to this process, so it is looked at one by one. */
async function* findDevices(ctx: Context, projectId: string, filter: PageRequest & DeviceFilter, start: Position | undefined): AsyncGenerator<readonly Found[]> {
  const assignments = await readAssignments(ctx, projectId);
  const take = filter.status || filter.presence ? LOOKED_AT_AT_ONCE : filter.limit + 1;
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
