import { build, query, type RowOf } from '@vergeai/db';
import type { Context } from '../context.js';
import { inBatches } from './in-batches.js';

/** What one device reports may take 13 KB. */
const AT_ONCE = 100;

const updatesAfter = query((at: { jobId: string; deviceId: string }) =>
  build
    .selectFrom('JobUpdate')
    .select(['deviceId', 'numExamples', 'metrics'])
    .where('jobId', '=', at.jobId)
    .where('deviceId', '>', at.deviceId)
    .orderBy('deviceId')
    .limit(AT_ONCE));

/** What the devices of a job submitted with their updates, a bounded number at a time. */
export async function* jobUpdates(ctx: Context, jobId: string) {
  const updates = inBatches(AT_ONCE, async (last: RowOf<typeof updatesAfter> | undefined) => ctx.db.hot.all(updatesAfter, { jobId, deviceId: last?.deviceId ?? '' }));
  for await (const batch of updates) yield batch.map(({ deviceId, numExamples, metrics }) => ({ deviceId, numExamples, metrics: JSON.parse(metrics) as Record<string, number> }));
}
