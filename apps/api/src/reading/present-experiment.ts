import { JsonText, type Experiment } from '@vergeai/contract';
import type { Context } from '../context.js';
import { modelReference } from '../models/present-model.js';
import { firstJobs, hasMoreJobs, jobsInBatches } from './experiment-jobs.js';
import type { ExperimentRow } from './experiment-row.js';

/** The documented Experiment, key for key, of an experiment that has no more jobs than were read with it. */
export function presentExperiment(row: ExperimentRow): Experiment {
  return present(row, firstJobs(row));
}

/** The same of any experiment, with its jobs still to be read where there are many. */
export const presentGrowingExperiment = (ctx: Context, row: ExperimentRow) =>
  hasMoreJobs(row) ? present(row, jobsInBatches(ctx, row)) : presentExperiment(row);

function present<Jobs>(row: ExperimentRow, jobs: Jobs) {
  const path = { projectId: row.projectId, experimentId: row.id };
  return {
    ID: row.id,
    jobs,
    hyperparameters: new JsonText(row.hyperparameters),
    current_job: row.currentJobId ?? 'NONE',
    start_model: modelReference({ ...path, size: row.startSize }),
    current_model: modelReference({ ...path, size: row.currentSize, jobId: row.currentModelJobId }),
    is_active: row.isActive,
  };
}
