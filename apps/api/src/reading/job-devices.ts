import { build, query, type RowOf } from '@vergeai/db';
import type { Context } from '../context.js';
import { inBatches } from './in-batches.js';

/** What one of them reports may take 13 KB. */
const AT_ONCE = 100;

const devicesAfter = query((at: { jobId: string; position: number; deviceId: string }) =>
  build
    .selectFrom('JobDevice as d')
    .leftJoin('JobUpdate as u', (join) => join.onRef('u.jobId', '=', 'd.jobId').onRef('u.deviceId', '=', 'd.deviceId'))
    .select(['d.deviceId', 'd.position', 'd.state', 'u.numExamples', 'u.metrics', 'u.createdAt as submittedAt'])
    .where('d.jobId', '=', at.jobId)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('d.position', 'd.deviceId'), '>', tuple(at.position, at.deviceId)))
    .orderBy('d.position')
    .orderBy('d.deviceId')
    .limit(AT_ONCE));

/** The devices of a job with what they submitted, in the order in which they were drawn, a bounded number at a time. */
export const jobDevices = (ctx: Context, jobId: string) =>
  inBatches(AT_ONCE, async (last: RowOf<typeof devicesAfter> | undefined) =>
    ctx.db.hot.all(devicesAfter, { jobId, position: last?.position ?? -1, deviceId: last?.deviceId ?? '' }));
