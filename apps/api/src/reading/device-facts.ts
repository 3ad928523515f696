import { JsonText } from '@vergeai/contract';
import { build, queryOf } from '@vergeai/db';
import { DeviceState } from '@vergeai/domain';
import type { Context } from '../context.js';
import type { Sight } from './device-sight.js';
import { timestamp, timestampOrNull } from './times.js';

/** What a list shows of devices, in their order. One that has been deleted meanwhile is missing. */
export async function deviceFacts(ctx: Context, seen: ReadonlyArray<Sight & { readonly id: string }>) {
  if (seen.length === 0) return [];
  const ids = seen.map(({ id }) => id);
  const rows = await ctx.db.prisma.device.findMany({
    where: { id: { in: ids }, deletedAt: null },
    include: { labels: { select: { label: true } }, key: { select: { lastUsedAt: true } } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const failures = await readLastFailures(ctx, ids);
  return seen.flatMap(({ id, presence, seenAgoSec, current }) => {
    const row = byId.get(id);
    if (!row) return [];
    return [
      {
        device_id: id,
        name: row.name,
        labels: row.labels.map(({ label }) => label).sort(),
        config: new JsonText(row.config),
        ephemeral: row.ephemeralSince !== null,
        status: current ? ('busy' as const) : ('idle' as const),
        presence,
        created_at: timestamp(row.createdAt),
        last_seen_at: timestampOrNull(row.key?.lastUsedAt ?? null),
        seen_ago_sec: seenAgoSec,
        agent: row.agent,
        current: current && { job_id: current.jobId, experiment_id: current.experimentId, sequence: current.sequence, state: current.standing },
        last_failure: failures.get(id) ?? null,
      },
    ];
  });
}

/** The last time that a job gave each of them up. */
async function readLastFailures(ctx: Context, ids: readonly string[]) {
  const last = build
    .selectFrom('Device as v')
    .innerJoin('JobDevice as d', (join) =>
      join.onRef('d.deviceId', '=', 'v.id').on((on) =>
        on(
          'd.jobId',
          '=',
          on
            .selectFrom('JobDevice as o')
            .select('o.jobId')
            .whereRef('o.deviceId', '=', 'v.id')
            .where('o.state', '=', DeviceState.REPLACED)
            .where('o.endedAt', 'is not', null)
            .orderBy('o.endedAt', 'desc')
            .orderBy('o.jobId')
            .limit(1),
        ),
      ),
    )
    .select(['d.deviceId', 'd.jobId', 'd.endedAt', 'd.reason'])
    .where('v.id', 'in', ids);
  const rows = await ctx.db.hot.all(queryOf(last), {});
  return new Map(rows.map(({ deviceId, jobId, endedAt, reason }) => [deviceId, { job_id: jobId, at: timestampOrNull(endedAt), reason }]));
}
