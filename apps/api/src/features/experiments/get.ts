import type { Context } from '../../context.js';
import { getExperimentRow } from '../../reading/experiment-row.js';
import { presentGrowingExperiment } from '../../reading/present-experiment.js';

export async function getExperiment(ctx: Context, input: { project_id: string; experiment_id: string }) {
  return presentGrowingExperiment(ctx, await getExperimentRow(ctx, input.project_id, input.experiment_id));
}
