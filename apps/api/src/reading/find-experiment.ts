import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

/** What the documented Experiment is made of, in one read. Sizes are null while there is no such model. */
export interface ExperimentRow {
  id: string;
  projectId: string;
  hyperparameters: string;
  currentJobId: string | null;
  isActive: boolean;
  startSize: bigint | null;
  currentSize: bigint | null;
  /** The job that made the current model; null while it is the start model. */
  currentModelJobId: string | null;
  /** Job ids in their order, separated by commas. */
  jobs: string | null;
}

const SELECT = `
  SELECT e."id", e."projectId", e."hyperparameters", e."currentJobId", e."isActive",
         s."size" AS "startSize", c."size" AS "currentSize", c."jobId" AS "currentModelJobId",
         (SELECT string_agg(j."id", ',' ORDER BY j."sequence") FROM "Job" j WHERE j."experimentId" = e."id") AS "jobs"
  FROM "Experiment" e
  LEFT JOIN "StoredModel" s ON s."id" = e."startModelId"
  LEFT JOIN "StoredModel" c ON c."id" = e."currentModelId"`;

/** An experiment of a project. Throws a Refusal `experiment_not_found`. */
export async function findExperiment(ctx: Context, projectId: string, experimentId: string): Promise<ExperimentRow> {
  const row = await ctx.db.hot.get<ExperimentRow>(`${SELECT} WHERE e."projectId" = ? AND e."id" = ?`, [projectId, experimentId]);
  if (!row) throw new Refusal('experiment_not_found');
  return row;
}

/** Every experiment of a project, oldest first. */
export async function findExperiments(ctx: Context, projectId: string): Promise<ExperimentRow[]> {
  return ctx.db.hot.all<ExperimentRow>(`${SELECT} WHERE e."projectId" = ? ORDER BY e."createdAt", e."id"`, [projectId]);
}

/** Throws a Refusal `experiment_not_found` unless the project has such an experiment. */
export async function requireExperiment(ctx: Context, projectId: string, experimentId: string): Promise<void> {
  const row = await ctx.db.hot.get('SELECT e."id" FROM "Experiment" e WHERE e."projectId" = ? AND e."id" = ?', [projectId, experimentId]);
  if (!row) throw new Refusal('experiment_not_found');
}
