import type { Experiment } from '@vergeai/contract';
import { modelReference } from '../models/present-model.js';
import type { ExperimentRow } from './experiment-row.js';

/** The documented Experiment, key for key. */
export function presentExperiment(row: ExperimentRow): Experiment {
  const path = { projectId: row.projectId, experimentId: row.id };
  return {
    ID: row.id,
    jobs: row.jobs ? row.jobs.split(',') : [],
    hyperparameters: JSON.parse(row.hyperparameters) as Record<string, unknown>,
    current_job: row.currentJobId ?? 'NONE',
    start_model: modelReference({ ...path, size: row.startSize }),
    current_model: modelReference({ ...path, size: row.currentSize, jobId: row.currentModelJobId }),
    is_active: row.isActive,
  };
}
