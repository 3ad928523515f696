import { build, query, type RowOf } from '@vergeai/db';
import { DeviceState } from '@vergeai/domain';
import type { Context } from '../context.js';
import { inBatches } from './in-batches.js';

const IDS_AT_ONCE = 1_000;
const MODELS_AT_ONCE = 250;

const devicesAfter = query((at: { jobId: string; position: number; deviceId: string }) =>
  build
    .selectFrom('JobDevice as d')
    .select(['d.deviceId', 'd.position'])
    .where('d.jobId', '=', at.jobId)
    .where('d.state', '!=', DeviceState.REPLACED)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('d.position', 'd.deviceId'), '>', tuple(at.position, at.deviceId)))
    .orderBy('d.position')
    .orderBy('d.deviceId')
    .limit(IDS_AT_ONCE));

const modelsAfter = query((at: { jobId: string; deviceId: string }) =>
  build
    .selectFrom('JobUpdate as u')
    .innerJoin('StoredModel as m', 'm.id', 'u.modelId')
    .select(['u.deviceId', 'm.size'])
    .where('u.jobId', '=', at.jobId)
    .where('u.deviceId', '>', at.deviceId)
    .orderBy('u.deviceId')
    .limit(MODELS_AT_ONCE));

/** The ids of the devices that a job counts on, in the order in which they were drawn, a bounded number at a time. */
export async function* drawnDevices(ctx: Context, jobId: string): AsyncGenerator<readonly string[], undefined> {
  const rows = inBatches(IDS_AT_ONCE, async (last: RowOf<typeof devicesAfter> | undefined) =>
    ctx.db.hot.all(devicesAfter, { jobId, position: last?.position ?? -1, deviceId: last?.deviceId ?? '' }));
  for await (const batch of rows) yield batch.map(({ deviceId }) => deviceId);
  return undefined;
}

/** Whose models a job has, and their sizes in bytes, in the order of the devices' ids, a bounded number at a time. */
export const submittedModels = (ctx: Context, jobId: string) =>
  inBatches(MODELS_AT_ONCE, async (last: RowOf<typeof modelsAfter> | undefined) => ctx.db.hot.all(modelsAfter, { jobId, deviceId: last?.deviceId ?? '' }));
