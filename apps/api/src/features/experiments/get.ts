import type { Experiment } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { getExperimentRow } from '../../reading/experiment-row.js';
import { presentExperiment } from '../../reading/present-experiment.js';

export async function getExperiment(ctx: Context, input: { project_id: string; experiment_id: string }): Promise<Experiment> {
  return presentExperiment(await getExperimentRow(ctx, input.project_id, input.experiment_id));
}
