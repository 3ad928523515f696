import type { Recorded } from '../journal.js';
import type { Check, Evidence } from './evidence.js';

type Done = Extract<Recorded, { what: 'done' }>;
const FINAL = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);

export const checkAcknowledged: Check = {
  promise: 'No acknowledged write is lost, and nothing that was shown to a reader is taken back',
  *run(evidence) {
    const facts = index(evidence);
    for (const entry of evidence.journal) {
      if (entry.what === 'done') yield* kept(evidence, facts, entry);
      else if (entry.what === 'event') yield* sameEvent(evidence, facts, entry);
      else if (entry.what === 'given') {
        const job = evidence.jobById.get(entry.job);
        const model = evidence.modelById.get(job?.startModelId ?? '');
        if (job && model?.sha256 !== entry.sha256) yield `Device ${entry.device} was given job ${entry.job} with the model ${entry.sha256}, and the job starts from ${model?.sha256}.`;
      } else if (entry.what === 'ended') {
        const job = evidence.jobById.get(entry.job);
        if (job?.status !== entry.status && !(job === undefined && facts.someProjectMayBeGone)) yield `Job ${entry.job} was shown to a reader as ${entry.status} and is ${job?.status ?? 'gone'}.`;
      }
    }
  },
};

interface Facts {
  readonly projects: ReadonlySet<string>;
  readonly experiments: Evidence['tables']['Experiment'];
  readonly experimentById: ReadonlyMap<string, Evidence['tables']['Experiment'][number]>;
  readonly deviceById: ReadonlyMap<string, Evidence['tables']['Device'][number]>;
  readonly keyByDevice: ReadonlyMap<string, Evidence['tables']['ApiKey'][number]>;
  /** Somebody asked for their deletion, whether or not it was confirmed. */
  readonly mayBeGone: ReadonlySet<string>;
  readonly someProjectMayBeGone: boolean;
  /** Others may have deleted devices. */
  readonly others: boolean;
  readonly projectOf: ReadonlyMap<string, string>;
}

function index({ tables, journal }: Evidence): Facts {
  const mayBeGone = new Set<string>();
  const projectOf = new Map<string, string>();
  for (const entry of journal) {
    if (entry.what === 'asked' && (entry.op === 'project.delete' || entry.op === 'device.delete')) mayBeGone.add(entry.device ?? entry.project!);
    if (entry.what === 'done' && entry.project) for (const made of [entry.experiment, entry.device]) if (made) projectOf.set(made, entry.project);
    if (entry.what === 'done' && entry.experiment && entry.job) projectOf.set(entry.job, projectOf.get(entry.experiment) ?? '');
  }
  return {
    projects: new Set(tables.Project.map(({ id }) => id)),
    experiments: tables.Experiment,
    experimentById: new Map(tables.Experiment.map((row) => [row.id, row])),
    deviceById: new Map(tables.Device.map((row) => [row.id, row])),
    keyByDevice: new Map(tables.ApiKey.flatMap((row) => (row.deviceId ? [[row.deviceId, row] as const] : []))),
    mayBeGone,
    someProjectMayBeGone: journal.some((entry) => entry.what === 'asked' && entry.op === 'project.delete'),
    others: journal.some(({ what }) => what === 'others'),
    projectOf,
  };
}

/** What an acknowledged write promised is still so, unless its project was deleted on request. */
function* kept(evidence: Evidence, facts: Facts, done: Done): Iterable<string> {
  const owner = done.project ?? facts.projectOf.get(done.job ?? done.experiment ?? done.device ?? '');
  const of = `${done.op} was acknowledged`;
  if (done.op === 'project.delete') {
    if (facts.projects.has(done.project!)) yield `${of}, and project ${done.project} is still there.`;
    if (evidence.tables.StoredModel.some(({ projectId }) => projectId === done.project)) yield `${of}, and models of project ${done.project} are still there.`;
    return;
  }
  if (owner !== undefined && facts.mayBeGone.has(owner)) return;
  const job = evidence.jobById.get(done.job ?? '');
  const drawn = () => evidence.tables.JobDevice.find(({ jobId, deviceId }) => jobId === done.job && deviceId === done.device);
  switch (done.op) {
    case 'project.create':
      if (!facts.projects.has(done.project!)) yield `${of}, and project ${done.project} is not there.`;
      break;
    case 'experiment.create':
    case 'experiment.fork': {
      const row = facts.experimentById.get(done.experiment!);
      if (!row) yield `${of}, and experiment ${done.experiment} is not there.`;
      if (row && done.op === 'experiment.fork' && (!row.forkedFromId || !row.startModelId)) yield `${of}, and experiment ${done.experiment} has no parent or no model.`;
      break;
    }
    case 'experiment.rollback': {
      const model = evidence.modelById.get((done.from === 'start' ? facts.experimentById.get(done.experiment!)?.startModelId : evidence.jobById.get(done.from!)?.aggregateModelId) ?? '');
      if (model?.sha256 !== done.sha256) yield `${of} with the model ${done.sha256}, and ${done.from} of experiment ${done.experiment} is ${model?.sha256 ?? 'not there'}.`;
      break;
    }
    case 'experiment.submit_start_model': {
      const model = evidence.modelById.get(facts.experimentById.get(done.experiment!)?.startModelId ?? '');
      if (model?.sha256 !== done.sha256) yield `${of}, and the start model of experiment ${done.experiment} is ${model?.sha256 ?? 'not there'} instead of ${done.sha256}.`;
      break;
    }
    case 'device.create': {
      const row = facts.deviceById.get(done.device!);
      if (!row) yield `${of}, and device ${done.device} is not there.`;
      else if (!facts.others && !facts.mayBeGone.has(done.device!) && (row.deletedAt !== null || facts.keyByDevice.get(done.device!)?.revokedAt !== null)) yield `${of}, and device ${done.device} does not count any more though nobody deleted it.`;
      break;
    }
    case 'device.delete':
      if (facts.deviceById.get(done.device!)?.deletedAt === null) yield `${of}, and device ${done.device} still counts.`;
      if (facts.keyByDevice.get(done.device!)?.revokedAt === null) yield `${of}, and the key of device ${done.device} still works.`;
      break;
    case 'device.report_failure': {
      const state = drawn()?.state;
      if (job && ['IN_PROGRESS'].includes(job.status) && (state === 'DRAWN' || state === 'LEASED')) yield `${of}, and job ${done.job} still waits for device ${done.device}.`;
      break;
    }
    case 'device.submit_model_update':
      yield* keptUpdate(evidence, done);
      break;
    case 'job.create':
    case 'job.retry':
      if (!job) yield `${of}, and job ${done.job} is not there.`;
      else if (job.experimentId !== done.experiment) yield `${of}, and job ${done.job} is in another experiment.`;
      else if (done.numDevices !== undefined && job.numDevices !== done.numDevices) yield `${of}, and job ${done.job} asks for ${job.numDevices} devices instead of ${done.numDevices}.`;
      else if (done.from && job.retryOfId !== done.from) yield `${of}, and job ${done.job} is not the retry of ${done.from}.`;
      break;
    case 'job.cancel':
      if (job?.status !== 'CANCELLED') yield `${of}, and job ${done.job} is ${job?.status ?? 'not there'}.`;
  }
}

function* keptUpdate({ updatesOf, jobById, modelById }: Evidence, done: Done): Iterable<string> {
  const of = `The update of device ${done.device} for job ${done.job} was acknowledged`;
  const row = (updatesOf.get(done.job!) ?? []).find(({ deviceId }) => deviceId === done.device);
  const job = jobById.get(done.job!);
  if (!row) {
    yield `${of} and is lost.`;
    return;
  }
  if (row.sha256 !== done.sha256) yield `${of} with other bytes than are kept.`;
  if (row.numExamples !== done.numExamples) yield `${of} with ${done.numExamples} examples, and ${row.numExamples} are kept.`;
  const metrics = JSON.parse(row.metrics) as Record<string, number>;
  if (Object.entries(done.metrics ?? {}).some(([name, value]) => metrics[name] !== value)) yield `${of} with other metrics than are kept.`;
  if (!modelById.has(row.modelId ?? '')) yield `${of} and its model is lost.`;
  // That a completed job's aggregate is made of all of its updates is for the recomputation to show.
  if (!job || !FINAL.has(job.status)) yield `${of}, and its job is ${job?.status ?? 'gone'}: neither completed nor ended otherwise.`;
}

let cache: { of: Evidence; events: Map<string, Evidence['tables']['Event'][number]> } | undefined;

function* sameEvent(evidence: Evidence, facts: Facts, seen: Extract<Recorded, { what: 'event' }>): Iterable<string> {
  if (cache?.of !== evidence) cache = { of: evidence, events: new Map(evidence.tables.Event.map((row) => [`${row.experimentId} ${row.sequence}`, row])) };
  const row = cache.events.get(`${seen.experiment} ${seen.sequence}`);
  if (!row && facts.mayBeGone.has(facts.projectOf.get(seen.experiment) ?? '')) return;
  if (row?.type !== seen.type || row.jobId !== seen.job || JSON.stringify(JSON.parse(row.data)) !== seen.data)
    yield `Event ${seen.sequence} of experiment ${seen.experiment} was shown to a listener as ${seen.type} and is ${row?.type ?? 'not there'} now.`;
}
