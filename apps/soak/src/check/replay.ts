import { misfit, type EventData, type KnownEvent, type UnknownEvent, type UnknownEventType } from '@vergeai/contract';
import { legalSteps } from './legal-steps.js';
import type { EventRow, ExperimentRow, JobRow } from './tables.js';

const isLive = (status: string) => status === 'IN_PROGRESS' || status === 'AGGREGATION_IN_PROGRESS';

export interface ReplayedJob {
  readonly id: string;
  readonly sequence: number;
  readonly kind: 'TRAIN' | 'EVALUATE';
  readonly retryOf: string | null;
  readonly series: string | null;
  status: string;
  changes: number;
  /** sha256 of the model it started from. */
  startsFrom: string | undefined;
  /** The job whose aggregate that was; null: the experiment's start model. */
  startsAfter: string | null | undefined;
  aggregate: string | undefined;
  /** By device; an evaluation has no model. */
  readonly updates: Map<string, { sha256: string | null; numExamples: number | null; metrics: Record<string, number> }>;
  readonly replaced: Set<string>;
  readonly substitutes: Set<string>;
}

export interface Replayed {
  readonly jobs: Map<string, ReplayedJob>;
  currentJob: string | null;
  isPaused: boolean;
  /** Series of jobs, each with whether it has been stopped. */
  readonly series: Map<string, { isStopped: boolean }>;
  /** The job whose model is the best one. */
  best: string | null;
  /** sha256 of the start model, or undefined while there is none. */
  start: string | undefined;
  /** sha256 and whose aggregate it is (null: the start model), or undefined while there is none. */
  current: { readonly sha256: string; readonly job: string | null } | undefined;
  readonly faults: string[];
}

type Told<E> = E extends KnownEvent | UnknownEvent ? Pick<E, 'type' | 'job_id' | 'device_id' | 'data'> : never;

/** What a row of the log tells, in the words of the wire. */
const toldBy = ({ type, jobId, deviceId, data }: EventRow) =>
  ({ type, job_id: jobId, device_id: deviceId, data: JSON.parse(data) as unknown }) as Told<KnownEvent | UnknownEvent>;

/** What of a job's row tells when it may close. */
type AskedFor = Pick<JobRow, 'numDevices' | 'minDevices'>;

/** Lives an experiment's log once more, event by event, and says what in it could not have been. */
export function replay(experiment: Pick<ExperimentRow, 'id'>, events: readonly EventRow[], jobOf: (id: string) => AskedFor | undefined): Replayed {
  const state: Replayed = { jobs: new Map(), currentJob: null, isPaused: false, series: new Map(), best: null, start: undefined, current: undefined, faults: [] };
  const fault = (event: EventRow, sentence: string) => state.faults.push(`Experiment ${experiment.id}, event ${event.sequence} (${event.type}): ${sentence}`);
  let owed: string | undefined;
  events.forEach((event, index) => {
    if (event.sequence !== index + 1) fault(event, `it is the ${index + 1}. of the log and has another number.`);
    const told = toldBy(event);
    const wrong = misfit(told);
    if (wrong !== undefined) {
      fault(event, `${wrong}.`);
      return;
    }
    if (owed !== undefined && !(told.type === 'current_model_changed' && told.data.by !== 'rollback')) {
      fault(event, `job ${owed} had just completed, and its aggregate did not become the current model.`);
      owed = undefined;
    }
    const job = event.jobId === null ? undefined : state.jobs.get(event.jobId);
    switch (told.type) {
      case 'experiment_created':
      case 'experiment_updated':
        if (told.type === 'experiment_updated' && told.data.keep_best !== undefined) state.best = null;
        break;
      case 'experiment_paused':
      case 'experiment_resumed': {
        const paused = told.type === 'experiment_paused';
        if (state.isPaused === paused) fault(event, `the experiment was ${paused ? 'paused' : 'not paused'} before.`);
        state.isPaused = paused;
        break;
      }
      case 'experiment_forked':
      case 'start_model_submitted':
        if (state.current) fault(event, 'the experiment had a start model before.');
        state.start = told.data.sha256;
        state.current = { sha256: told.data.sha256, job: null };
        break;
      case 'sweep_created':
        break;
      case 'sweep_completed':
        if ([...state.jobs.values()].some(({ status }) => isLive(status) || status === 'INITIALIZED')) fault(event, 'its sweep is completed while a job of it runs or waits.');
        break;
      case 'series_created':
        if (state.series.has(told.data.series_id)) fault(event, 'the series was there before.');
        state.series.set(told.data.series_id, { isStopped: false });
        break;
      case 'series_stopped':
        stopSeries(told, job, event);
        break;
      case 'best_model_changed':
        if (job?.status !== 'COMPLETED') fault(event, `the best model is that of a job that is ${job?.status ?? 'unknown'}.`);
        if (told.data.sha256 !== job?.aggregate) fault(event, `the best model is ${told.data.sha256}, and its job made ${job?.aggregate}.`);
        state.best = told.job_id;
        break;
      case 'job_initialized':
        if (job) fault(event, `job ${event.jobId} was there before.`);
        if (told.data.sequence !== state.jobs.size + 1) fault(event, `the job has number ${told.data.sequence} and is the ${state.jobs.size + 1}. of the experiment.`);
        if (told.data.series_id !== undefined && state.series.get(told.data.series_id)?.isStopped !== false) fault(event, `its series ${told.data.series_id} is not there, or was stopped.`);
        state.jobs.set(told.job_id, newJob(told.job_id, told.data));
        break;
      case 'model_update_submitted':
      case 'evaluation_submitted': {
        const sha256 = told.type === 'model_update_submitted' ? told.data.sha256 : null;
        if (job?.status !== 'IN_PROGRESS') fault(event, `an update was taken for a job that is ${job?.status ?? 'unknown'}.`);
        if (job && (job.kind === 'EVALUATE') !== (sha256 === null)) fault(event, `the job is of the kind ${job.kind}.`);
        if (job?.updates.has(told.device_id)) fault(event, `device ${told.device_id} submitted twice.`);
        job?.updates.set(told.device_id, { sha256, numExamples: told.data.num_examples, metrics: told.data.metrics });
        break;
      }
      case 'device_replaced':
        // Before its start, too: in the place of one that was deleted while the job waited.
        if (job?.status !== 'IN_PROGRESS' && job?.status !== 'INITIALIZED') fault(event, `a device was replaced in a job that is ${job?.status ?? 'unknown'}.`);
        job?.replaced.add(told.device_id);
        if (told.data.substitute !== null) {
          job?.substitutes.add(told.data.substitute);
          // One that was away and is back may take a place again.
          job?.replaced.delete(told.data.substitute);
        }
        break;
      case 'job_waiting':
        if (job?.status !== 'IN_PROGRESS') fault(event, `a job that is ${job?.status ?? 'unknown'} waits for devices.`);
        if (job && told.data.updates !== job.updates.size) fault(event, `it tells of ${told.data.updates} updates and ${job.updates.size} had been taken.`);
        break;
      case 'server_state_restarted':
        if (owed !== told.job_id) fault(event, 'the state of the strategy began anew though no job had just completed.');
        break;
      case 'current_model_changed':
        if (told.data.by === 'rollback') {
          rollBack(told, job, event);
          break;
        }
        if (owed === undefined || owed !== told.job_id) fault(event, 'the current model changed though no job had just completed.');
        if (job) job.aggregate = told.data.sha256;
        if (job && told.data.updates !== job.updates.size) fault(event, `the aggregate was made of ${told.data.updates} updates and ${job.updates.size} had been taken.`);
        state.current = { sha256: told.data.sha256, job: told.job_id };
        owed = undefined;
        break;
      case 'job_in_progress':
      case 'job_aggregation_in_progress':
      case 'job_completed':
      case 'job_cancelled':
      case 'job_failed':
        if (!job) {
          fault(event, `there is no job ${told.job_id}.`);
          break;
        }
        move(job, told.type.slice('job_'.length).toUpperCase(), event);
        if (job.status === 'COMPLETED' && job.kind === 'TRAIN') owed = job.id;
        break;
      default:
        // A type that the catalogue gains has to be lived through above, or this does not compile.
        told.type satisfies UnknownEventType;
    }
  });
  if (owed !== undefined) state.faults.push(`Experiment ${experiment.id}: job ${owed} completed, and its aggregate did not become the current model.`);
  return state;

  function rollBack({ job_id: of, data }: Pick<KnownEvent<'current_model_changed'>, 'job_id' | 'data'>, job: ReplayedJob | undefined, event: EventRow): void {
    const busy = [...state.jobs.values()].find(({ status }) => status === 'INITIALIZED' || isLive(status));
    if (busy) fault(event, `the current model was changed by hand while job ${busy.id} was ${busy.status}.`);
    if (of !== null && job?.status !== 'COMPLETED') fault(event, `it rolled back to job ${of}, which is ${job?.status ?? 'unknown'}.`);
    const kept = of === null ? state.start : job?.aggregate;
    if (data.sha256 !== kept) fault(event, `it rolled back to the model ${data.sha256}, and ${of === null ? 'the experiment started from' : `job ${of} made`} ${kept}.`);
    if (data.updates !== (job?.updates.size ?? 0)) fault(event, `it tells of ${data.updates} updates and ${job?.updates.size ?? 0} had been taken.`);
    state.current = { sha256: data.sha256, job: of };
  }

  function stopSeries({ data }: Pick<KnownEvent<'series_stopped'>, 'data'>, job: ReplayedJob | undefined, event: EventRow): void {
    const series = state.series.get(data.series_id);
    if (!series || series.isStopped) fault(event, `the series ${data.series_id} ${series ? 'was stopped before' : 'is not there'}.`);
    if (series) series.isStopped = true;
    if (job?.series !== data.series_id || job.status !== 'COMPLETED') fault(event, 'no job of the series had just completed.');
    const waiting = [...state.jobs.values()].filter((one) => one.series === data.series_id && one.status === 'INITIALIZED').length;
    if (waiting !== data.cancelled) fault(event, `it cancels ${data.cancelled} jobs, and ${waiting} of the series wait.`);
  }

  function move(job: ReplayedJob, to: string, event: EventRow): void {
    if (!legalSteps[job.status]!.includes(to)) fault(event, `job ${job.id} went from ${job.status} to ${to}, which no job may.`);
    const live = [...state.jobs.values()].filter(({ id, status }) => id !== job.id && isLive(status));
    if (isLive(to) && live.length > 0) fault(event, `two live jobs at once: ${live[0]!.id} was ${live[0]!.status} when ${job.id} became ${to}.`);
    if (to === 'IN_PROGRESS') {
      if (job.series !== null && state.series.get(job.series)?.isStopped) fault(event, `job ${job.id} started though its series was stopped.`);
      if (state.isPaused) fault(event, `job ${job.id} started while its experiment was paused.`);
      const earlier = [...state.jobs.values()].find(({ status, sequence }) => status === 'INITIALIZED' && sequence < job.sequence);
      if (earlier) fault(event, `job ${job.id} started before ${earlier.id}, which was ahead of it in the queue.`);
      if (!state.current) fault(event, `job ${job.id} started without a start model.`);
      job.startsFrom = state.current?.sha256;
      job.startsAfter = state.current?.job;
      state.currentJob = job.id;
    }
    const asked = jobOf(job.id);
    if (to === 'AGGREGATION_IN_PROGRESS' && asked) {
      const { updates } = event.data as EventData<'job_aggregation_in_progress'>;
      const came = job.updates.size;
      // One that goes on with fewer says how many, and only one for which so many are enough does.
      const fits = updates === undefined ? came === asked.numDevices : came === updates && asked.minDevices !== null && came >= asked.minDevices;
      if (!fits) fault(event, `job ${job.id} closed with ${came} updates and waits for ${asked.minDevices ?? asked.numDevices}.`);
    }
    job.status = to;
    job.changes++;
  }
}

const newJob = (id: string, { sequence, retry_of: retryOf, series_id, kind }: EventData<'job_initialized'>): ReplayedJob => ({
  id,
  sequence,
  kind: kind ?? 'TRAIN',
  retryOf,
  series: series_id ?? null,
  status: 'INITIALIZED',
  changes: 0,
  startsFrom: undefined,
  startsAfter: undefined,
  aggregate: undefined,
  updates: new Map(),
  replaced: new Set(),
  substitutes: new Set(),
});
