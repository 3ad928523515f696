import { randomBytes } from 'node:crypto';
import { DeviceState, JobStatus, needsOf, wrongNumberOfDevices, type DurationCriterion, type Needs, type StrategyRequest } from '@vergeai/domain';
import { actorId } from '../access/actor.js';
import { Refusal } from '../refusal.js';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { strategyOf, strategyText } from '../models/strategy.js';
import { drawing } from './draw.js';
import { lockExperiment } from './lock-experiment.js';
import { seriesToJoin } from './series.js';
import { startNextJob } from './start-next-job.js';

const SEED_BYTES = 32;

/** What a job is asked for with. */
export interface JobConfiguration {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly num_devices: number;
  readonly num_buffer_devices: number;
  readonly device_selection_strategy: string;
  readonly termination_criteria: readonly DurationCriterion[];
  /** How long a device that was drawn may take to come before another one may take its place. */
  readonly device_timeout_sec: number;
  /** undefined: the experiment's. */
  readonly aggregation_strategy?: StrategyRequest | undefined;
}

/**
 * Adds a job to the experiment's series, starts it when it is the first in line, and gives its id. `retryOf` is the job
 * it repeats. Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`,
 * `strategy_needs_more_devices`, `strategy_too_many_devices`.
 */
export async function addJob(step: Step, input: JobConfiguration, retryOf?: string): Promise<string> {
  const [id] = await addJobs(step, input, 1, retryOf);
  return id!;
}

/** The same for `count` jobs in a row, of a series of their own if it has an id; each draws devices of its own. Gives their ids in order. */
export async function addJobs(step: Step, input: JobConfiguration, count: number, retryOf?: string, newSeriesId?: string): Promise<string[]> {
  const { ctx, tx, call } = step;
  const now = ctx.clock.now();
  const experiment = await lockExperiment(step, input.project_id, input.experiment_id);
  if (!experiment.startModelId) throw new Refusal('start_model_missing');
  const strategy = input.aggregation_strategy === undefined ? experiment.aggregationStrategy : strategyText(input.aggregation_strategy);
  const needs = needsFor(strategy, input.num_devices);
  const drawDevices = await drawingFrom(step, input);
  const seriesId = newSeriesId ?? (retryOf === undefined ? null : await seriesToJoin(tx, retryOf));
  const jobs = Array.from({ length: count }, (_, n) => ({ id: ctx.newId(), sequence: experiment.nextJobSequence + n }));
  await tx.job.createMany({
    data: jobs.map(({ id, sequence }) => ({
      id,
      projectId: input.project_id,
      experimentId: experiment.id,
      sequence,
      status: JobStatus.INITIALIZED,
      version: 1,
      numDevices: input.num_devices,
      numBufferDevices: input.num_buffer_devices,
      deviceSelectionStrategy: input.device_selection_strategy,
      terminationCriteria: JSON.stringify(input.termination_criteria),
      deviceTimeoutSec: input.device_timeout_sec,
      aggregationStrategy: strategy,
      // Whatever happens to this server, every attempt at the aggregation adds the same noise.
      noiseSeed: needs.noise ? randomBytes(SEED_BYTES).toString('hex') : null,
      updatesReceived: 0,
      retryOfId: retryOf ?? null,
      seriesId,
      createdById: call ? actorId(call.actor) : null,
      createdAt: now,
    })),
  });
  for (const { id, sequence } of jobs) {
    await tx.jobDevice.createMany({ data: drawDevices().map((deviceId, position) => ({ jobId: id, deviceId, position, state: DeviceState.DRAWN, drawnAt: now })) });
    recordEvent(step, experiment.id, { type: 'job_initialized', jobId: id, data: { sequence, retry_of: retryOf ?? null, ...(seriesId !== null && { series_id: seriesId }) } });
  }
  await tx.experiment.updateMany({ where: { id: experiment.id }, data: { nextJobSequence: { increment: count } } });
  await startNextJob(step, experiment.id);
  return jobs.map(({ id }) => id);
}

/** What the strategy needs. The number of updates is known from here on, so nothing is left to go wrong for it later. */
function needsFor(strategy: string | null, numDevices: number): Needs {
  const spec = strategyOf({ aggregationStrategy: strategy });
  const wrong = wrongNumberOfDevices(spec, numDevices);
  if (wrong) throw new Refusal(wrong.code, wrong.detail);
  return needsOf(spec);
}

async function drawingFrom(step: Step, { project_id, num_devices, num_buffer_devices }: JobConfiguration): Promise<() => string[]> {
  const candidates = await step.tx.device.findMany({ where: { projectId: project_id, deletedAt: null }, select: { id: true, createdAt: true }, orderBy: { id: 'asc' } });
  const wanted = num_devices + num_buffer_devices;
  if (candidates.length < wanted)
    throw new Refusal('not_enough_devices', `The job asks for ${wanted} devices and the project has ${candidates.length}. Register more, or ask for fewer.`);
  const drawDevices = await drawing(step, project_id, candidates);
  return () => drawDevices(wanted);
}
