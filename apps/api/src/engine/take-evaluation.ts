import { createHash } from 'node:crypto';
import { JobKind } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { getDrawnDevice, requireKind } from './drawn-device.js';
import type { Evaluation } from './model-update.js';
import { registerOnce } from './register-once.js';

/**
 * Takes in what a device measured of the model that it was given. The `num_devices`-th answer freezes the set, as the last update of
 * a training does. The same numbers twice get the same answer.
 * Throws a Refusal: `job_not_found`, `job_trains`, `device_not_drawn`, `job_not_started`, `job_closed`, `update_already_submitted`,
 * `num_examples_mixed`.
 */
export async function takeEvaluation(ctx: Context, call: Call, evaluation: Evaluation): Promise<void> {
  const drawn = await getDrawnDevice(ctx, evaluation.projectId, evaluation.jobId, evaluation.deviceId);
  requireKind(drawn, JobKind.EVALUATE);
  await registerOnce(ctx, call, { ...evaluation, sha256: hashOf(evaluation) }, drawn, (register) => register(null));
}

/** Of the numbers, in whichever order they come. */
function hashOf({ numExamples, metrics }: Evaluation): string {
  const sorted = Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify([numExamples, sorted])).digest('hex');
}
