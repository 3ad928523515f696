import { readFile } from 'node:fs/promises';
import { misfit } from '@vergeai/contract';
import type { Transaction } from '@vergeai/db';
import { transitions } from '@vergeai/domain';
import type { TestApi } from './api.js';
import { sha256 } from './models.js';

/** The life of a job as documented: from → to. "–" is before it was created. */
const legal = new Set(transitions.map(({ from, to }) => `${from ?? '–'} → ${to}`));
const statuses = new Set<string>(transitions.map(({ to }) => to));
const live = ['IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'];

/** These reads are long ones, and nobody's promise. */
const PATIENCE_MS = 60_000;

type Row = Awaited<ReturnType<typeof experimentRow>>;

const experimentRow = (tx: Transaction, id: string) =>
  tx.experiment.findUniqueOrThrow({
    where: { id },
    include: {
      events: { orderBy: { sequence: 'asc' } },
      currentModel: true,
      startModel: true,
      jobs: { orderBy: { sequence: 'asc' }, include: { startModel: true, aggregateModel: true, devices: true, updates: { include: { model: true }, orderBy: { deviceId: 'asc' } } } },
    },
  });

/** What is wrong with an experiment, by rules that know the documented table of transitions, the wire's documents and the rows, but none of the server's code; nothing when all is well. */
export async function faultsOf(api: Pick<TestApi, 'ctx'>, experimentId: string): Promise<string[]> {
  // One moment of the database, as the server may be at work.
  const read = async (tx: Transaction) => {
    const row = await experimentRow(tx, experimentId);
    return { row, tasks: await tx.task.findMany({ where: { finishedAt: null, dedupeKey: { in: row.jobs.map(({ id }) => id) } } }) };
  };
  const { row, tasks } = await api.ctx.db.prisma.$transaction(read, { isolationLevel: 'Serializable', maxWait: PATIENCE_MS, timeout: PATIENCE_MS });
  return [...catalogued(row), ...replayed(row), ...chained(row), ...counted(row), ...(await recomputed(api, row)), ...aggregated(row, tasks)];
}

/** The same for every experiment of the server. */
export async function allFaults(api: Pick<TestApi, 'ctx'>): Promise<string[]> {
  const rows = await api.ctx.db.prisma.experiment.findMany({ select: { id: true } });
  const faults: string[] = [];
  for (const { id } of rows) faults.push(...(await faultsOf(api, id)).map((fault) => `${id}: ${fault}`));
  return faults;
}

/** Every event is exactly what the catalogue has. */
const catalogued = ({ events }: Row): string[] =>
  events.flatMap(({ sequence, type, jobId, deviceId, data }) => {
    const wrong = misfit({ type, job_id: jobId, device_id: deviceId, data: JSON.parse(data) as unknown });
    return wrong === undefined ? [] : [`event ${sequence} (${type}): ${wrong}`];
  });

/** Replaying the events, only by legal steps, gives the rows. */
function replayed({ events, jobs, currentModel, currentJobId, isActive, pausedAt, bestJobId }: Row): string[] {
  const faults: string[] = [];
  const status = new Map<string, string>();
  let model: string | undefined;
  let currentJob: string | null = null;
  let paused = false;
  let best: string | null = null;
  const stopped = new Set<string>();
  events.forEach(({ sequence, type, jobId, data }, at) => {
    if (sequence !== at + 1) faults.push(`event ${at + 1} has the number ${sequence}`);
    const known = JSON.parse(data) as { sha256?: string; series_id?: string; keep_best?: unknown };
    if (type === 'series_stopped' && stopped.size === stopped.add(known.series_id!).size) faults.push(`event ${sequence} stops a series again`);
    if (type === 'experiment_updated' && known.keep_best !== undefined) best = null;
    if (type === 'best_model_changed') best = jobId;
    if (['start_model_submitted', 'current_model_changed', 'experiment_forked'].includes(type)) model = known.sha256;
    if (['experiment_paused', 'experiment_resumed'].includes(type)) paused = type === 'experiment_paused';
    const to = type.startsWith('job_') && type.slice(4).toUpperCase();
    // What else is told of a job is no move.
    if (!to || !statuses.has(to) || !jobId) return;
    const step = `${status.get(jobId) ?? '–'} → ${to}`;
    if (!legal.has(step)) faults.push(`event ${sequence} is ${step}`);
    status.set(jobId, to);
    if (to === 'IN_PROGRESS') {
      if (paused) faults.push(`event ${sequence} starts a job of a paused experiment`);
      currentJob = jobId;
      const job = jobs.find(({ id }) => id === jobId);
      if (job?.seriesId && stopped.has(job.seriesId)) faults.push(`event ${sequence} starts a job of a series that was stopped`);
      if (job?.startModel?.sha256 !== model) faults.push(`job ${job?.sequence} did not start from what was the current model`);
    }
    const alive = [...status.values()].filter((candidate) => live.includes(candidate)).length;
    if (alive > 1) faults.push(`${alive} live jobs after event ${sequence}`);
  });
  for (const job of jobs) if (status.get(job.id) !== job.status) faults.push(`job ${job.sequence} is ${job.status}, by its events ${status.get(job.id)}`);
  if (currentModel?.sha256 !== model) faults.push(`the current model is ${currentModel?.sha256}, by the events ${model}`);
  if ((pausedAt !== null) !== paused) faults.push(`pausedAt is ${String(pausedAt)}`);
  if (bestJobId !== best) faults.push(`the best job is ${bestJobId}, by the events ${best}`);
  if (currentJobId !== currentJob) faults.push(`the current job is ${currentJobId}, by the events ${currentJob}`);
  if (isActive !== jobs.some((job) => [...live, 'INITIALIZED'].includes(job.status))) faults.push(`is_active is ${isActive}`);
  return faults;
}

/** Job k + 1 starts from job k's end model or where somebody rolled back to after it; the first from the start model; the last one's is the current model. */
function chained({ jobs, startModelId, currentModelId, events, pausedAt }: Row): string[] {
  const faults: string[] = [];
  let model = startModelId;
  const rolledBack = new Map<string, string | null>();
  let started = '';
  for (const { type, jobId, data } of events) {
    if (type === 'job_in_progress') started = jobId!;
    if (type !== 'current_model_changed' || (JSON.parse(data) as { by?: string }).by !== 'rollback') continue;
    rolledBack.set(started, jobId === null ? startModelId : jobs.find(({ id }) => id === jobId)!.aggregateModelId);
  }
  for (const job of jobs) {
    if (job.startedAt) {
      if (job.startModelId !== model) faults.push(`job ${job.sequence} breaks the chain of models`);
      if (job.status === 'COMPLETED' && job.kind === 'TRAIN') model = job.aggregateModelId;
      model = rolledBack.get(job.id) ?? model;
    }
    if (job.aggregateModelId !== null && job.status !== 'COMPLETED') faults.push(`job ${job.sequence} is ${job.status} with an aggregate`);
  }
  if (currentModelId !== model) faults.push('the current model is not the end of the chain');
  const waiting = jobs.some(({ status }) => status === 'INITIALIZED');
  if (waiting && !pausedAt && !jobs.some(({ status }) => live.includes(status))) faults.push('jobs wait and none runs');
  const running = jobs.findIndex(({ status }) => live.includes(status));
  if (running > 0 && jobs.slice(0, running).some(({ status }) => status === 'INITIALIZED')) faults.push('a job was overtaken');
  return faults;
}

/** Every update that was acknowledged is there once and counted once. */
function counted({ jobs, events }: Row): string[] {
  const faults: string[] = [];
  for (const job of jobs) {
    const submitting = job.kind === 'TRAIN' ? 'model_update_submitted' : 'evaluation_submitted';
    const acknowledged = events.filter(({ type, jobId }) => type === submitting && jobId === job.id).map(({ deviceId }) => deviceId!);
    if (new Set(acknowledged).size !== acknowledged.length) faults.push(`job ${job.sequence} took two updates of one device`);
    if (job.updates.map(({ deviceId }) => deviceId).join() !== [...acknowledged].sort().join()) faults.push(`job ${job.sequence} lost an update`);
    if (job.updatesReceived !== job.updates.length) faults.push(`job ${job.sequence} counted ${job.updatesReceived} updates of ${job.updates.length}`);
    const submitted = job.devices.filter(({ state }) => state === 'SUBMITTED').map(({ deviceId }) => deviceId);
    if (submitted.sort().join() !== job.updates.map(({ deviceId }) => deviceId).join()) faults.push(`job ${job.sequence} has devices that do not agree with its updates`);
    const full = ['AGGREGATION_IN_PROGRESS', 'COMPLETED'].includes(job.status);
    if (full && (job.updates.length > job.numDevices || job.updates.length < (job.minDevices ?? job.numDevices))) faults.push(`job ${job.sequence} is ${job.status} with ${job.updates.length} of ${job.numDevices} updates`);
    if (job.status === 'IN_PROGRESS' && job.updates.length >= job.numDevices) faults.push(`job ${job.sequence} waits for ever`);
  }
  return faults;
}

/** The aggregate of a completed job is, bit for bit, the mean that is computed here. JSON models only. */
async function recomputed({ ctx }: Pick<TestApi, 'ctx'>, { jobs }: Row): Promise<string[]> {
  const faults: string[] = [];
  for (const { sequence, aggregateModel, updates } of jobs) {
    if (!aggregateModel) continue;
    const stored = await readFile((await ctx.storage.borrow(aggregateModel.blobKey, aggregateModel.sha256)).path);
    if (sha256(stored) !== aggregateModel.sha256) faults.push(`the aggregate of job ${sequence} is not the bytes that were registered`);
    if (updates.length === 1 && aggregateModel.sha256 !== updates[0]!.sha256) faults.push(`the aggregate of job ${sequence} is not its only update`);
    if (aggregateModel.format !== 'JSON') continue;
    const models = await Promise.all(updates.map(async ({ model }) => JSON.parse(await readFile((await ctx.storage.borrow(model!.blobKey, model!.sha256)).path, 'utf8')) as Model));
    const mean = meanOf(models, updates.map(({ numExamples }) => numExamples));
    if (!sameNumbers(mean, JSON.parse(stored.toString()) as Model)) faults.push(`the aggregate of job ${sequence} is not the mean of its updates`);
  }
  return faults;
}

type Nested = number | Nested[];
export type Model = { [tensor: string]: Nested };

/** The weighted mean in float64, one update after the other, coefficients first. */
export function meanOf(models: readonly Model[], numExamples: ReadonlyArray<number | null>): Model {
  if (models.length === 1) return models[0]!;
  const weights = numExamples.map((count) => count ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (values: readonly Nested[]): Nested =>
    Array.isArray(values[0])
      ? values[0].map((_, at) => mean(values.map((value) => (value as Nested[])[at]!)))
      : values.reduce<number>((sum, value, at) => sum + (weights[at]! / total) * (value as number), -0);
  return Object.fromEntries(Object.keys(models[0]!).map((name) => [name, mean(models.map((model) => model[name]!))]));
}

export function sameNumbers(one: Model, other: Model): boolean {
  const same = (a: Nested, b: Nested): boolean =>
    Array.isArray(a) ? Array.isArray(b) && a.length === b.length && a.every((value, at) => same(value, b[at]!)) : Object.is(a, b);
  return Object.keys(one).sort().join() === Object.keys(other).sort().join() && Object.entries(one).every(([name, value]) => same(value, other[name]!));
}

/** Whoever is being aggregated has one task that is not finished. */
function aggregated({ jobs }: Row, open: ReadonlyArray<{ readonly dedupeKey: string | null }>): string[] {
  const tasks = (id: string) => open.filter(({ dedupeKey }) => dedupeKey === id).length;
  return jobs
    .filter(({ id, status }) => status === 'AGGREGATION_IN_PROGRESS' && tasks(id) !== 1)
    .map(({ sequence, id }) => `job ${sequence} is being aggregated by ${tasks(id)} tasks`);
}
