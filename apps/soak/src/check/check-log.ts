import type { Check, Evidence } from './evidence.js';
import { replay, type Replayed, type ReplayedJob } from './replay.js';
import type { ExperimentRow, JobRow } from './tables.js';

export const checkLog: Check = {
  promise: 'At most one live job per experiment at any instant, only legal transitions, and replaying the events gives the rows',
  *run(evidence) {
    for (const experiment of evidence.tables.Experiment) {
      const events = evidence.eventsOf.get(experiment.id) ?? [];
      const replayed = replay(experiment, events, (job) => evidence.jobById.get(job));
      yield* replayed.faults;
      if (events.length !== experiment.nextEventSequence - 1) yield `Experiment ${experiment.id} has ${events.length} events and counts ${experiment.nextEventSequence - 1}.`;
      yield* compareExperiment(evidence, experiment, replayed);
    }
    const known = new Set(evidence.tables.Experiment.map(({ id }) => id));
    for (const id of evidence.eventsOf.keys()) if (!known.has(id)) yield `There are events of experiment ${id}, which does not exist.`;
  },
};

function* compareExperiment(evidence: Evidence, experiment: ExperimentRow, { jobs, currentJob, isPaused, best, current }: Replayed): Iterable<string> {
  const of = `Experiment ${experiment.id}`;
  const rows = evidence.tables.Job.filter(({ experimentId }) => experimentId === experiment.id);
  for (const row of rows) if (!jobs.has(row.id)) yield `${of}: job ${row.id} is a row that no event tells of.`;
  for (const job of jobs.values()) {
    const row = evidence.jobById.get(job.id);
    if (row) yield* compareJob(evidence, job, row);
    else yield `${of}: job ${job.id} is in the events and has no row.`;
  }
  if (rows.length !== experiment.nextJobSequence - 1) yield `${of} has ${rows.length} jobs and counts ${experiment.nextJobSequence - 1}.`;
  if (experiment.currentJobId !== currentJob) yield `${of}: the current job is ${experiment.currentJobId} in its row and ${currentJob} by the events.`;
  const active = [...jobs.values()].some(({ status }) => status === 'INITIALIZED' || status === 'IN_PROGRESS' || status === 'AGGREGATION_IN_PROGRESS');
  if (experiment.isActive !== active) yield `${of}: is_active is ${experiment.isActive} in its row and ${active} by the events.`;
  if (experiment.bestJobId !== best) yield `${of}: the best model is that of job ${experiment.bestJobId} by its row and of ${best} by the events.`;
  if ((experiment.pausedAt !== null) !== isPaused) yield `${of} is ${experiment.pausedAt === null ? 'not paused' : 'paused'} by its row and ${isPaused ? 'paused' : 'not paused'} by the events.`;
  const model = experiment.currentModelId === null ? undefined : evidence.modelById.get(experiment.currentModelId);
  if (model?.sha256 !== current?.sha256 || (model && model.jobId !== current?.job)) yield `${of}: its current model is not the one that the events lead to.`;
}

function* compareJob(evidence: Evidence, job: ReplayedJob, row: JobRow): Iterable<string> {
  const of = `Job ${job.id}`;
  if (row.status !== job.status) yield `${of} is ${row.status} in its row and ${job.status} by the events.`;
  if (row.sequence !== job.sequence) yield `${of} has number ${row.sequence} in its row and ${job.sequence} in the events.`;
  if (row.kind !== job.kind) yield `${of} is of the kind ${row.kind} in its row and ${job.kind} by the events.`;
  if (row.seriesId !== job.series) yield `${of} is of the series ${row.seriesId} in its row and of ${job.series} in the events.`;
  if (row.retryOfId !== job.retryOf) yield `${of} is a retry of ${row.retryOfId} in its row and of ${job.retryOf} in the events.`;
  if (row.version !== job.changes + 1) yield `${of} changed its status ${row.version - 1} times by its row and ${job.changes} times by the events.`;
  if (row.updatesReceived !== job.updates.size) yield `${of} counts ${row.updatesReceived} updates and the events tell of ${job.updates.size}.`;
  yield* compareStart(evidence, job, row);
  const aggregate = row.aggregateModelId === null ? undefined : evidence.modelById.get(row.aggregateModelId);
  if (aggregate?.sha256 !== job.aggregate) yield `${of} has the aggregate ${aggregate?.sha256} in its row and ${job.aggregate} in the events.`;
  yield* compareUpdates(evidence, job);
  yield* compareDevices(evidence, job);
}

/** Job k+1 starts from job k's end model, and so from the start model if no job before it completed. */
function* compareStart({ modelById, jobById, tables }: Evidence, job: ReplayedJob, row: JobRow): Iterable<string> {
  const start = row.startModelId === null ? undefined : modelById.get(row.startModelId);
  if (start?.sha256 !== job.startsFrom) yield `Job ${job.id} starts from a model ${start?.sha256} and by the events should start from ${job.startsFrom}.`;
  if (job.startsAfter === undefined) return;
  const experiment = tables.Experiment.find(({ id }) => id === row.experimentId);
  const wanted = job.startsAfter === null ? experiment?.startModelId : jobById.get(job.startsAfter)?.aggregateModelId;
  if (wanted !== row.startModelId) yield `Job ${job.id} does not start from where ${job.startsAfter === null ? 'the experiment started' : `job ${job.startsAfter} ended`}.`;
}

function* compareUpdates({ updatesOf, modelById }: Evidence, job: ReplayedJob): Iterable<string> {
  const rows = updatesOf.get(job.id) ?? [];
  for (const [device, told] of job.updates) {
    const row = rows.find(({ deviceId }) => deviceId === device);
    if (!row) {
      yield `Job ${job.id}: the update of device ${device} is in the events and has no row.`;
      continue;
    }
    const same = (told.sha256 === null ? row.modelId === null : row.sha256 === told.sha256) && row.numExamples === told.numExamples && JSON.stringify(sorted(JSON.parse(row.metrics) as object)) === JSON.stringify(sorted(told.metrics));
    if (!same) yield `Job ${job.id}: the update of device ${device} is not what its event says.`;
    if (row.modelId !== null && modelById.get(row.modelId)?.sha256 !== row.sha256) yield `Job ${job.id}: the update of device ${device} and its model have different hashes.`;
  }
  for (const { deviceId } of rows) if (!job.updates.has(deviceId)) yield `Job ${job.id}: the update of device ${deviceId} is a row that no event tells of.`;
}

function* compareDevices({ tables, jobById }: Evidence, job: ReplayedJob): Iterable<string> {
  const drawn = tables.JobDevice.filter(({ jobId }) => jobId === job.id);
  for (const { deviceId, state, reason } of drawn) {
    if ((state === 'SUBMITTED') !== job.updates.has(deviceId)) yield `Job ${job.id}: device ${deviceId} is ${state}, and ${job.updates.has(deviceId) ? 'it has' : 'it has not'} submitted.`;
    // Before a job starts, devices that were deleted make room without an event.
    if ((state === 'REPLACED') !== job.replaced.has(deviceId) && !(state === 'REPLACED' && reason === 'the device was deleted'))
      yield `Job ${job.id}: device ${deviceId} is ${state}, and by the events it ${job.replaced.has(deviceId) ? 'was' : 'was not'} replaced.`;
  }
  for (const device of [...job.updates.keys(), ...job.substitutes]) if (!drawn.some(({ deviceId }) => deviceId === device)) yield `Job ${job.id}: device ${device} took part and was never drawn.`;
  if (drawn.length < (jobById.get(job.id)?.numDevices ?? 0)) yield `Job ${job.id} asks for more devices than were drawn.`;
}

const sorted = (object: object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
