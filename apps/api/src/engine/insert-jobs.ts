import { randomBytes } from 'node:crypto';
import { choicePhrase, DeviceState, JobKind, JobStatus, needsOf, wrongNumberOfDevices, type Needs } from '@vergeai/domain';
import { actorId } from '../access/actor.js';
import { choiceOf, choiceText, whereChosen } from '../models/device-choice.js';
import type { JobSettings } from '../models/job-settings.js';
import { Refusal } from '../refusal.js';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { strategyOf, strategyText } from '../models/strategy.js';
import { drawing } from './draw.js';

const SEED_BYTES = 32;

/** An experiment that gets jobs, and the series that they are part of. */
export interface GetsJobs {
  readonly id: string;
  readonly projectId: string;
  readonly startModelId: string | null;
  readonly aggregationStrategy: string | null;
  readonly nextJobSequence: number;
  readonly seriesId: string | null;
}

export interface Insertion {
  /** How many jobs each gets. */
  readonly count: number;
  /** The job that they repeat. */
  readonly retryOf?: string | undefined;
}

/**
 * Puts jobs in line, the same for each of these experiments of one project, by a number of statements that does not grow with theirs; each
 * draws devices of its own. Starting the first is left to the caller, who holds the rows of the experiments. Gives the ids of the
 * jobs of each, in order. Throws a Refusal: `start_model_missing`, `not_enough_devices`, `unknown_devices`,
 * `strategy_needs_more_devices`, `strategy_too_many_devices`.
 */
export async function insertJobs(step: Step, experiments: readonly GetsJobs[], settings: JobSettings, { count, retryOf }: Insertion): Promise<string[][]> {
  const { ctx, tx, call } = step;
  const now = ctx.clock.now();
  const [first] = experiments;
  if (!first) return [];
  const deviceChoice = choiceText(settings);
  const { kind = JobKind.TRAIN } = settings;
  const planned = experiments.map((experiment) => {
    if (!experiment.startModelId) throw new Refusal('start_model_missing');
    // It aggregates no models, whatever the experiment's way is.
    if (kind === JobKind.EVALUATE) return { experiment, strategy: null, isNoisy: false };
    const strategy = settings.aggregation_strategy === undefined ? experiment.aggregationStrategy : strategyText(settings.aggregation_strategy);
    return { experiment, strategy, isNoisy: needsFor(strategy, settings).noise };
  });
  const drawDevices = await drawingFrom(step, first.projectId, settings, deviceChoice, retryOf !== undefined);
  const jobs = planned.flatMap((plan) => Array.from({ length: count }, (_, n) => ({ ...plan, id: ctx.newId(), sequence: plan.experiment.nextJobSequence + n })));
  await tx.job.createMany({
    data: jobs.map(({ id, sequence, experiment, strategy, isNoisy }) => ({
      id,
      projectId: experiment.projectId,
      experimentId: experiment.id,
      sequence,
      kind,
      status: JobStatus.INITIALIZED,
      version: 1,
      numDevices: settings.num_devices,
      numBufferDevices: settings.num_buffer_devices,
      minDevices: settings.min_devices ?? null,
      deviceSelectionStrategy: settings.device_selection_strategy,
      terminationCriteria: JSON.stringify(settings.termination_criteria),
      deviceTimeoutSec: settings.device_timeout_sec,
      aggregationStrategy: strategy,
      deviceChoice,
      // Whatever happens to this server, every attempt at the aggregation adds the same noise.
      noiseSeed: isNoisy ? randomBytes(SEED_BYTES).toString('hex') : null,
      updatesReceived: 0,
      retryOfId: retryOf ?? null,
      seriesId: experiment.seriesId,
      createdById: call ? actorId(call.actor) : null,
      createdAt: now,
    })),
  });
  await tx.jobDevice.createMany({
    data: jobs.flatMap(({ id }) => drawDevices().map((deviceId, position) => ({ jobId: id, deviceId, position, state: DeviceState.DRAWN, drawnAt: now }))),
  });
  for (const { id, sequence, experiment: { id: experimentId, seriesId } } of jobs)
    recordEvent(step, experimentId, { type: 'job_initialized', jobId: id, data: { sequence, retry_of: retryOf ?? null, ...(seriesId !== null && { series_id: seriesId }), ...(kind === JobKind.EVALUATE && { kind }) } });
  await tx.experiment.updateMany({ where: { id: { in: experiments.map(({ id }) => id) } }, data: { nextJobSequence: { increment: count }, isActive: true } });
  return experiments.map((_, at) => jobs.slice(at * count, (at + 1) * count).map(({ id }) => id));
}

/** What the strategy needs. The fewest and the most updates are known from here on, so nothing is left to go wrong for it later. */
function needsFor(strategy: string | null, { num_devices, min_devices = num_devices }: JobSettings): Needs {
  const spec = strategyOf({ aggregationStrategy: strategy });
  const wrong = wrongNumberOfDevices(spec, min_devices) ?? wrongNumberOfDevices(spec, num_devices);
  if (wrong) throw new Refusal(wrong.code, wrong.detail);
  return needsOf(spec);
}

/** `isRetry`: what was named once may have been deleted since, and those that are left may be enough. */
async function drawingFrom(step: Step, projectId: string, { num_devices, num_buffer_devices }: JobSettings, deviceChoice: string | null, isRetry: boolean): Promise<() => string[]> {
  const choice = choiceOf({ deviceChoice });
  const candidates = await step.tx.device.findMany({
    where: { projectId, deletedAt: null, ...whereChosen(choice) },
    select: { id: true, createdAt: true },
    orderBy: { id: 'asc' },
  });
  if (choice && 'device_ids' in choice && !isRetry) requireAll(choice.device_ids, candidates);
  const wanted = num_devices + num_buffer_devices;
  if (candidates.length < wanted) {
    const there = choice ? `there are ${candidates.length} devices ${choicePhrase(choice)}` : `the project has ${candidates.length}`;
    throw new Refusal('not_enough_devices', `The job asks for ${wanted} devices and ${there}. ${choice ? 'Choose' : 'Register'} more, or ask for fewer.`);
  }
  const drawDevices = await drawing(step, projectId, candidates);
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
