import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { takeEvaluation } from '../../engine/take-evaluation.js';

export interface SubmitEvaluation {
  readonly project_id: string;
  readonly job_id: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly num_examples?: number | undefined;
}

/** Takes in what the device measured of the model that it was given. Refuses as `takeEvaluation` does. */
export async function submitEvaluation(ctx: Context, call: Call<DeviceActor>, { project_id, job_id, metrics, num_examples }: SubmitEvaluation): Promise<Record<string, never>> {
  await takeEvaluation(ctx, call, { projectId: project_id, jobId: job_id, deviceId: call.actor.deviceId, numExamples: num_examples ?? null, metrics });
  return {};
}
