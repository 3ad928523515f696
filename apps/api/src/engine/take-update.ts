import { build, query } from '@vergeai/db';
import { DeviceState, sniffFormat } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { keepModel } from '../models/keep-model.js';
import { Refusal } from '../refusal.js';
import { getDrawnDevice, requireActive, type DrawnDevice } from './drawn-device.js';
import type { ModelUpdate } from './model-update.js';
import { registerUpdate } from './register-update.js';
import { requireMetrics } from './require-metrics.js';

/**
 * Takes a device's update in. The `num_devices`-th one freezes the set and asks for the aggregation, in the same
 * transaction. The same bytes twice get the same answer.
 * Throws a Refusal: `job_not_found`, `device_not_drawn`, `job_not_started`, `job_closed`, `metric_required`, `invalid_model`,
 * `update_already_submitted`, `num_examples_mixed`, `project_storage_full`, `ticket_used`.
 */
export async function takeUpdate(ctx: Context, call: Call, update: ModelUpdate): Promise<void> {
  const count = (outcome: string) => ctx.meters.updates.inc({ outcome });
  try {
    await take(ctx, call, update);
    count('accepted');
  } catch (error) {
    count(error instanceof Refusal ? error.code : 'failed');
    throw error;
  }
}

async function take(ctx: Context, call: Call, update: ModelUpdate): Promise<void> {
  const drawn = await getDrawnDevice(ctx, update.projectId, update.jobId, update.deviceId);
  if (await isRepeated(ctx, update, drawn.state)) return;
  requireActive(drawn);
  requireMetrics(drawn, update.metrics);
  const format = sniffFormat(update.staged.head);
  await ctx.models.compare({ ...update.staged, format }, () => expectedLayout(ctx, drawn));
  await keepModel(ctx, update.staged, update.projectId, (model) =>
    registerUpdate(ctx, call, { ...update, experimentId: drawn.experimentId, format, model }, drawn),
  ).catch(async (error: unknown) => {
    // The same bytes may have come on another connection while these were being checked.
    if (!(error instanceof Refusal && error.code === 'update_already_submitted')) throw error;
    await isRepeated(ctx, update, DeviceState.SUBMITTED);
  });
}

const submittedHash = query((at: { jobId: string; deviceId: string }) =>
  build.selectFrom('JobUpdate').select('sha256').where('jobId', '=', at.jobId).where('deviceId', '=', at.deviceId));

/** Throws a Refusal when this device has submitted other bytes. */
async function isRepeated(ctx: Context, { jobId, deviceId, staged }: ModelUpdate, state: DeviceState | null): Promise<boolean> {
  if (state !== DeviceState.SUBMITTED) return false;
  const submitted = await ctx.db.hot.get(submittedHash, { jobId, deviceId });
  if (submitted?.sha256 !== staged.sha256) throw new Refusal('update_already_submitted');
  return true;
}

const layoutOfStartModel = query((of: { experimentId: string }) =>
  build.selectFrom('Experiment as e').innerJoin('ModelLayout as l', 'l.modelId', 'e.startModelId').select('l.layout').where('e.id', '=', of.experimentId));

async function expectedLayout(ctx: Context, { experimentId }: DrawnDevice): Promise<string> {
  const row = await ctx.db.hot.get(layoutOfStartModel, { experimentId });
  if (!row) throw new Refusal('start_model_missing');
  return row.layout;
}
