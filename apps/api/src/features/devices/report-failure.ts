import { failureReported, JobStatus } from '@vergeai/domain';
import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';
import { lockExperimentOfJob } from '../../engine/lock-experiment.js';
import { replaceDevice } from '../../engine/replace-device.js';

export interface ReportFailure {
  readonly project_id: string;
  readonly job_id: string;
  readonly reason: string;
}

/** A device cannot finish: another one is drawn in its place. Once it is no longer awaited this changes nothing. */
export async function reportFailure(ctx: Context, call: Call<DeviceActor>, { project_id, job_id, reason }: ReportFailure) {
  const { deviceId } = call.actor;
  return takeStep(ctx, call, async (step) => {
    await lockExperimentOfJob(step, project_id, job_id);
    const drawn = await step.tx.jobDevice.findUnique({ where: { jobId_deviceId: { jobId: job_id, deviceId } }, include: { job: true } });
    if (!drawn) throw new Refusal('device_not_drawn');
    if (drawn.job.status === JobStatus.IN_PROGRESS) await replaceDevice(step, drawn.job, deviceId, failureReported(reason));
    return {};
  });
}
