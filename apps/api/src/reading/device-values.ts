import { build, query, queryOf, type RowOf } from '@vergeai/db';
import type { Context } from '../context.js';
import { nextTurn } from './next-turn.js';

/** How many rows are read at once. What one device reports may take 13 KB. */
const AT_ONCE = 100;

const devicesOfJob = query((at: { jobId: string; deviceId: string }) =>
  build.selectFrom('JobUpdate').select('deviceId').where('jobId', '=', at.jobId).where('deviceId', '>', at.deviceId).orderBy('deviceId').limit(AT_ONCE));

/** Up to `most` devices that submitted an update for any of these jobs, for the later ones first. */
export async function devicesOfJobs(ctx: Context, jobIds: readonly string[], most: number): Promise<string[]> {
  const found = new Set<string>();
  for (const jobId of jobIds.toReversed()) {
    let last: RowOf<typeof devicesOfJob> | undefined;
    do {
      const rows = await ctx.db.hot.all(devicesOfJob, { jobId, deviceId: last?.deviceId ?? '' });
      for (const { deviceId } of rows) {
        found.add(deviceId);
        if (found.size === most) return [...found].sort();
      }
      last = rows.length === AT_ONCE ? rows.at(-1) : undefined;
    } while (last);
    await nextTurn();
  }
  return [...found].sort();
}

/** What a device reported with its updates for these jobs, by job: of these metrics, and nothing of jobs for which it reported none of them. */
export async function deviceValues(ctx: Context, deviceId: string, jobIds: readonly string[], names: readonly string[]): Promise<Map<string, readonly (number | null)[]>> {
  const values = new Map<string, readonly (number | null)[]>();
  for (let at = 0; at < jobIds.length; at += AT_ONCE) {
    const rows = await ctx.db.hot.all(
      queryOf(build.selectFrom('JobUpdate').select(['jobId', 'metrics']).where('deviceId', '=', deviceId).where('jobId', 'in', jobIds.slice(at, at + AT_ONCE))),
      {},
    );
    for (const { jobId, metrics } of rows) {
      const reported = JSON.parse(metrics) as Record<string, number>;
      values.set(jobId, names.map((name) => (Object.hasOwn(reported, name) ? reported[name]! : null)));
    }
    await nextTurn();
  }
  return values;
}
