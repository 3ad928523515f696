import { build, query } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

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
  /** Job ids in their order, separated by commas. */
  readonly jobs: string | null;
}

const experiments = build
  .selectFrom('Experiment as e')
  .leftJoin('StoredModel as s', 's.id', 'e.startModelId')
  .leftJoin('StoredModel as c', 'c.id', 'e.currentModelId')
  .select(['e.id', 'e.projectId', 'e.hyperparameters', 'e.currentJobId', 'e.isActive', 's.size as startSize', 'c.size as currentSize', 'c.jobId as currentModelJobId'])
  .select(({ selectFrom }) =>
    selectFrom('Job as j')
      .select(({ fn, ref, val }) => fn.agg<string | null>('string_agg', [ref('j.id'), val(',')]).orderBy('j.sequence').as('jobs'))
      .whereRef('j.experimentId', '=', 'e.id')
      .as('jobs'));

const oneExperiment = query((at: { projectId: string; experimentId: string }) =>
  experiments.where('e.projectId', '=', at.projectId).where('e.id', '=', at.experimentId));

const experimentsOfProject = query((of: { projectId: string }) =>
  experiments.where('e.projectId', '=', of.projectId).orderBy('e.createdAt').orderBy('e.id'));

const experimentById = query((at: { projectId: string; experimentId: string }) =>
  build.selectFrom('Experiment').select('id').where('projectId', '=', at.projectId).where('id', '=', at.experimentId));

/** An experiment of a project. Throws a Refusal `experiment_not_found`. */
export async function getExperimentRow(ctx: Context, projectId: string, experimentId: string): Promise<ExperimentRow> {
  const row = await ctx.db.hot.get(oneExperiment, { projectId, experimentId });
  if (!row) throw new Refusal('experiment_not_found');
  return row;
}

/** Every experiment of a project, oldest first. */
export async function findExperimentRows(ctx: Context, projectId: string): Promise<ExperimentRow[]> {
  return ctx.db.hot.all(experimentsOfProject, { projectId });
}

/** Throws a Refusal `experiment_not_found` unless the project has such an experiment. */
export async function requireExperiment(ctx: Context, projectId: string, experimentId: string): Promise<void> {
  if (!(await ctx.db.hot.get(experimentById, { projectId, experimentId }))) throw new Refusal('experiment_not_found');
}
