import { randomInt } from 'node:crypto';
import type { Job } from '@vergeai/contract';
import { drawDevices, type DurationCriterion } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { recordEvent } from '../../writing/record-event.js';
import { Refusal } from '../../refusal.js';
import { takeStep, type Step } from '../../writing/step.js';
import { findJob } from '../../reading/job-row.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { presentJob } from '../../reading/present-job.js';
import { startNextJob } from '../../engine/start-next-job.js';

export interface CreateJob {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly num_devices: number;
  readonly num_buffer_devices: number;
  readonly device_selection_strategy: string;
  readonly termination_criteria: readonly DurationCriterion[];
}

/**
 * Adds a job to the experiment's series and starts it when it is the first in line.
 * Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`.
 */
export async function createJob(ctx: Context, call: Call, input: CreateJob): Promise<Job> {
  return takeStep(ctx, call, (step) => addJob(step, input));
}

/** The same within a transaction; `retryOf` is the job it repeats. */
export async function addJob(step: Step, input: CreateJob, retryOf?: string): Promise<Job> {
  const { ctx, tx } = step;
  const experiment = await lockExperiment(step, input.project_id, input.experiment_id);
  if (!experiment.startModelId) throw new Refusal('start_model_missing');
  const devices = await draw(step, input);
  const id = ctx.newId();
  await tx.job.create({
    data: {
      id,
      projectId: input.project_id,
      experimentId: experiment.id,
      sequence: experiment.nextJobSequence,
      status: 'INITIALIZED',
      version: 1,
      numDevices: input.num_devices,
      numBufferDevices: input.num_buffer_devices,
      deviceSelectionStrategy: input.device_selection_strategy,
      terminationCriteria: JSON.stringify(input.termination_criteria),
      updatesReceived: 0,
      retryOfId: retryOf ?? null,
      createdAt: ctx.clock.now(),
    },
    select: { id: true },
  });
  await tx.jobDevice.createMany({ data: devices.map((deviceId, position) => ({ jobId: id, deviceId, position, state: 'DRAWN' as const })) });
  await tx.experiment.updateMany({ where: { id: experiment.id }, data: { nextJobSequence: { increment: 1 } } });
  recordEvent(step, experiment.id, { type: 'job_initialized', jobId: id, data: { sequence: experiment.nextJobSequence, retry_of: retryOf ?? null } });
  await startNextJob(step, experiment.id);
  return presentJob(await findJob(tx, input.project_id, id));
}

async function draw({ tx }: Step, { project_id, num_devices, num_buffer_devices }: CreateJob): Promise<string[]> {
  const candidates = await tx.device.findMany({ where: { projectId: project_id, deletedAt: null }, select: { id: true }, orderBy: { id: 'asc' } });
  const wanted = num_devices + num_buffer_devices;
  if (candidates.length < wanted)
    throw new Refusal('not_enough_devices', `The job asks for ${wanted} devices and the project has ${candidates.length}. Register more, or ask for fewer.`);
  return drawDevices(candidates.map(({ id }) => id), wanted, randomInt);
}
