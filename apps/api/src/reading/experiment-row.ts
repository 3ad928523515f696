import { build, query } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { FIRST, inBatches, inStretches, type Place } from './in-batches.js';

/** What the documented Experiment is made of, in one read. Sizes are null while there is no such model. */
export interface ExperimentRow {
  readonly id: string;
  readonly projectId: string;
  readonly hyperparameters: string;
  readonly currentJobId: string | null;
  readonly isActive: boolean;
  readonly startSize: bigint | null;
  readonly currentSize: bigint | null;
  /** The job that made the current model; null while it is the start model. */
  readonly currentModelJobId: string | null;
  /** The ids of its first JOBS_AT_ONCE jobs in their order, separated by commas. */
  readonly jobs: string | null;
  /** The number that its next job will have: jobs are numbered from 1 on. */
  readonly nextJobSequence: number;
}

/** How many ids of jobs are read with their experiment. Those of more are a list of their own (experiment-jobs.ts). */
export const JOBS_AT_ONCE = 500;

/** How many experiments are looked at to see how large they are. */
const OUTLINED_AT_ONCE = 250;

const experiments = build
  .selectFrom('Experiment as e')
  .leftJoin('StoredModel as s', 's.id', 'e.startModelId')
  .leftJoin('StoredModel as c', 'c.id', 'e.currentModelId')
  .select(['e.id', 'e.projectId', 'e.hyperparameters', 'e.currentJobId', 'e.isActive', 'e.nextJobSequence', 's.size as startSize', 'c.size as currentSize', 'c.jobId as currentModelJobId'])
  .select(({ selectFrom }) =>
    selectFrom('Job as j')
      .select(({ fn, ref, val }) => fn.agg<string | null>('string_agg', [ref('j.id'), val(',')]).orderBy('j.sequence').as('jobs'))
      .whereRef('j.experimentId', '=', 'e.id')
      .where('j.sequence', '<=', JOBS_AT_ONCE)
      .as('jobs'));

const oneExperiment = query((at: { projectId: string; experimentId: string }) =>
  experiments.where('e.projectId', '=', at.projectId).where('e.id', '=', at.experimentId));

const outline = query((after: { projectId: string; createdAt: Date; id: string }) =>
  build
    .selectFrom('Experiment')
    .select(['id', 'createdAt'])
    .select(({ fn }) => fn<number>('length', ['hyperparameters']).as('characters'))
    .where('projectId', '=', after.projectId)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('createdAt', 'id'), '>', tuple(after.createdAt, after.id)))
    .orderBy('createdAt')
    .orderBy('id')
    .limit(OUTLINED_AT_ONCE));

const stretch = query((at: { projectId: string; fromCreatedAt: Date; fromId: string; toCreatedAt: Date; toId: string }) =>
  experiments
    .where('e.projectId', '=', at.projectId)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('e.createdAt', 'e.id'), '>=', tuple(at.fromCreatedAt, at.fromId)))
    .where(({ eb, refTuple, tuple }) => eb(refTuple('e.createdAt', 'e.id'), '<=', tuple(at.toCreatedAt, at.toId)))
    .orderBy('e.createdAt')
    .orderBy('e.id'));

const experimentById = query((at: { projectId: string; experimentId: string }) =>
  build.selectFrom('Experiment').select('id').where('projectId', '=', at.projectId).where('id', '=', at.experimentId));

/** An experiment of a project. Throws a Refusal `experiment_not_found`. */
export async function getExperimentRow(ctx: Context, projectId: string, experimentId: string): Promise<ExperimentRow> {
  const row = await ctx.db.hot.get(oneExperiment, { projectId, experimentId });
  if (!row) throw new Refusal('experiment_not_found');
  return row;
}

/**
 * Every experiment of a project, oldest first, a bounded number of bytes at a time. Each is as it was when its batch was
 * read; all are there that were there at the beginning and at the end.
 */
export async function* experimentRows(ctx: Context, projectId: string): AsyncGenerator<readonly ExperimentRow[]> {
  const outlines = inBatches<Place & { characters: number }>(OUTLINED_AT_ONCE, async (after) =>
    ctx.db.hot.all(outline, { ...(after ?? FIRST), projectId }));
  for await (const outlined of outlines) {
    for (const entries of inStretches(outlined)) {
      const [from, to] = [entries[0]!, entries.at(-1)!];
      yield await ctx.db.hot.all(stretch, { projectId, fromCreatedAt: from.createdAt, fromId: from.id, toCreatedAt: to.createdAt, toId: to.id });
    }
  }
}

/** Throws a Refusal `experiment_not_found` unless the project has such an experiment. */
export async function requireExperiment(ctx: Context, projectId: string, experimentId: string): Promise<void> {
  if (!(await ctx.db.hot.get(experimentById, { projectId, experimentId }))) throw new Refusal('experiment_not_found');
}
