import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readSafetensors } from '../models/safetensors.js';
import type { Check, Evidence } from './evidence.js';
import type { JobRow, ModelRow } from './tables.js';
import { coefficients, meanOfTensors, weightedSum } from './weighted-mean.js';

type Nested = number | Nested[];

export const checkAggregates: Check = {
  promise: 'One aggregation takes effect per completed job, of exactly the updates that were taken, and equals an independent recomputation bit for bit',
  async *run(evidence) {
    const { tables, eventsOf } = evidence;
    for (const job of tables.Job) {
      const aggregates = tables.StoredModel.filter(({ kind, jobId }) => kind === 'AGGREGATE' && jobId === job.id);
      const completed = (eventsOf.get(job.experimentId) ?? []).filter(({ jobId, type }) => jobId === job.id && type === 'job_completed').length;
      const expected = job.status === 'COMPLETED' ? 1 : 0;
      if (job.kind === 'EVALUATE') {
        yield* evaluated(evidence, job, aggregates.length, completed - expected);
        continue;
      }
      if (aggregates.length !== expected) yield `Job ${job.id} is ${job.status} and has ${aggregates.length} aggregates.`;
      if (completed !== expected) yield `Job ${job.id} is ${job.status} and its completion took effect ${completed} times.`;
      if (expected === 1 && aggregates[0]) yield* recompute(evidence, job, aggregates[0]);
    }
  },
};

/** One that evaluates moves no model, and completes with as many answers as are enough. */
function* evaluated({ updatesOf }: Evidence, job: JobRow, aggregates: number, completedTooOften: number): Iterable<string> {
  const answers = (updatesOf.get(job.id) ?? []).length;
  if (aggregates > 0 || job.aggregateModelId !== null) yield `Job ${job.id} evaluates and has an aggregate.`;
  if (completedTooOften !== 0) yield `Job ${job.id} is ${job.status} and its completion took effect ${completedTooOften} times too often.`;
  if (job.status === 'COMPLETED' && (answers > job.numDevices || answers < (job.minDevices ?? job.numDevices))) yield `Job ${job.id} completed with ${answers} answers and asks for ${job.numDevices}.`;
}

async function* recompute(evidence: Evidence, job: JobRow, aggregate: ModelRow): AsyncIterable<string> {
  const { updatesOf, modelById } = evidence;
  const updates = updatesOf.get(job.id) ?? [];
  if (aggregate.id !== job.aggregateModelId) yield `Job ${job.id} points to another aggregate than its own.`;
  if (aggregate.parentId !== job.startModelId) yield `The aggregate of job ${job.id} does not name the model that the job started from as its parent.`;
  if (updates.length > job.numDevices || updates.length < (job.minDevices ?? job.numDevices)) {
    yield `Job ${job.id} completed with ${updates.length} updates and asks for ${job.numDevices}.`;
    return;
  }
  const read = async (model: ModelRow | undefined) => {
    if (!model) throw new Error('it has no row');
    return readFile(path.join(evidence.blobs, 'models', model.blobKey));
  };
  try {
    const models = await Promise.all(updates.map(({ modelId }) => read(modelById.get(modelId ?? ''))));
    const stored = await read(aggregate);
    const difference = compare(aggregate.format, stored, models, coefficients(updates.map(({ numExamples }) => numExamples)));
    if (difference) yield `The aggregate of job ${job.id} is not the weighted mean of its ${updates.length} updates: ${difference}.`;
  } catch (error) {
    yield `The aggregate of job ${job.id} cannot be recomputed: ${(error as Error).message}.`;
  }
}

/** What differs first, or undefined. */
function compare(format: ModelRow['format'], stored: Buffer, updates: readonly Buffer[], weights: readonly number[]): string | undefined {
  if (updates.length === 1) return hash(stored) === hash(updates[0]!) ? undefined : 'a single update must come back byte for byte';
  return format === 'JSON' ? compareJson(stored, updates, weights) : compareSafetensors(stored, updates, weights);
}

function compareSafetensors(stored: Buffer, updates: readonly Buffer[], weights: readonly number[]): string | undefined {
  const made = readSafetensors(stored);
  const sources = updates.map((update) => new Map(readSafetensors(update).map((tensor) => [tensor.name, tensor])));
  if (made.length !== sources[0]!.size) return `it has ${made.length} tensors instead of ${sources[0]!.size}`;
  for (const { name, dtype, shape, data } of made) {
    const parts = sources.map((source) => source.get(name));
    if (parts.some((part) => part?.dtype !== dtype || String(part.shape) !== String(shape))) return `tensor ${name} has another dtype or shape`;
    const mean = meanOfTensors(dtype, parts.map((part) => part!.data), weights);
    if (!mean.equals(data)) return `tensor ${name} (${dtype}) differs at byte ${mean.findIndex((byte, at) => byte !== data[at])}`;
  }
  return undefined;
}

function compareJson(stored: Buffer, updates: readonly Buffer[], weights: readonly number[]): string | undefined {
  const made = JSON.parse(stored.toString('utf8')) as Record<string, Nested>;
  const sources = updates.map((update) => JSON.parse(update.toString('utf8')) as Record<string, Nested>);
  const names = Object.keys(sources[0]!);
  if (String(Object.keys(made).sort()) !== String(names.sort())) return 'it has other tensors';
  for (const name of names) {
    const difference = compareNested(made[name]!, sources.map((source) => source[name]!), weights);
    if (difference) return `tensor ${name} ${difference}`;
  }
  return undefined;
}

function compareNested(made: Nested, sources: readonly Nested[], weights: readonly number[]): string | undefined {
  if (typeof made === 'number') {
    const sum = weightedSum(sources as number[], weights);
    const mean = Math.min(Math.max(sum, -Number.MAX_VALUE), Number.MAX_VALUE);
    return Object.is(made, mean) ? undefined : `holds ${made} where ${mean} belongs`;
  }
  if (sources.some((source) => typeof source === 'number' || source.length !== made.length)) return 'has another shape';
  for (let i = 0; i < made.length; i++) {
    const difference = compareNested(made[i]!, sources.map((source) => (source as Nested[])[i]!), weights);
    if (difference) return difference;
  }
  return undefined;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
