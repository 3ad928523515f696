import { randomBytes } from 'node:crypto';
import { choicePhrase, DeviceState, JobStatus, needsOf, wrongNumberOfDevices, type DurationCriterion, type Needs, type StrategyRequest } from '@vergeai/domain';
import { actorId } from '../access/actor.js';
import { choiceOf, choiceText, whereChosen, type ChoiceRequest } from '../models/device-choice.js';
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
export interface JobConfiguration extends ChoiceRequest {
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
 * it repeats. Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`, `unknown_devices`,
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
  const deviceChoice = choiceText(input);
  const drawDevices = await drawingFrom(step, input, deviceChoice, retryOf !== undefined);
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
      deviceChoice,
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

/** `isRetry`: what was named once may have been deleted since, and those that are left may be enough. */
async function drawingFrom(step: Step, { project_id, num_devices, num_buffer_devices }: JobConfiguration, deviceChoice: string | null, isRetry: boolean): Promise<() => string[]> {
  const choice = choiceOf({ deviceChoice });
  const candidates = await step.tx.device.findMany({
    where: { projectId: project_id, deletedAt: null, ...whereChosen(choice) },
    select: { id: true, createdAt: true },
    orderBy: { id: 'asc' },
  });
  if (choice && 'device_ids' in choice && !isRetry) requireAll(choice.device_ids, candidates);
  const wanted = num_devices + num_buffer_devices;
  if (candidates.length < wanted) {
    const there = choice ? `there are ${candidates.length} devices ${choicePhrase(choice)}` : `the project has ${candidates.length}`;
    throw new Refusal('not_enough_devices', `The job asks for ${wanted} devices and ${there}. ${choice ? 'Choose' : 'Register'} more, or ask for fewer.`);
  }
  const drawDevices = await drawing(step, project_id, candidates);
  return () => drawDevices(wanted);
}

/** So many devices are named; the others are counted. */
const NAMED_UNKNOWN = 3;

function requireAll(ids: readonly string[], found: ReadonlyArray<{ readonly id: string }>): void {
  const known = new Set(found.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const others = unknown.length - NAMED_UNKNOWN;
  throw new Refusal('unknown_devices', `The project has no device ${unknown.slice(0, NAMED_UNKNOWN).join(', ')}${others > 0 ? ` and ${others} more of those that the job names` : ''}.`);
}
