import { build, query } from '@vergeai/db';
import { JobKind, sniffFormat } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { keepModel } from '../models/keep-model.js';
import { Refusal } from '../refusal.js';
import { getDrawnDevice, requireKind, type DrawnDevice } from './drawn-device.js';
import type { ModelUpdate } from './model-update.js';
import { registerOnce } from './register-once.js';
import { requireMetrics } from './require-metrics.js';

/**
 * Takes a device's update in. The `num_devices`-th one freezes the set and asks for the aggregation, in the same
 * transaction. The same bytes twice get the same answer.
 * Throws a Refusal: `job_not_found`, `job_evaluates`, `device_not_drawn`, `job_not_started`, `job_closed`, `metric_required`, `invalid_model`,
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
  requireKind(drawn, JobKind.TRAIN);
  const { staged } = update;
  await registerOnce(ctx, call, { ...update, sha256: staged.sha256 }, drawn, async (register) => {
    requireMetrics(drawn, update.metrics);
    const format = sniffFormat(staged.head);
    await ctx.models.compare({ ...staged, format }, () => expectedLayout(ctx, drawn));
    await keepModel(ctx, staged, update.projectId, (model) => register({ ...model, format, staged }));
  });
}

const layoutOfStartModel = query((of: { experimentId: string }) =>
  build.selectFrom('Experiment as e').innerJoin('ModelLayout as l', 'l.modelId', 'e.startModelId').select('l.layout').where('e.id', '=', of.experimentId));

async function expectedLayout(ctx: Context, { experimentId }: DrawnDevice): Promise<string> {
  const row = await ctx.db.hot.get(layoutOfStartModel, { experimentId });
  if (!row) throw new Refusal('start_model_missing');
  return row.layout;
}
