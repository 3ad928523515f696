import type { Experiment, JsonText } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { recordEvent } from '../../writing/record-event.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';
import { withAllJobs } from '../../reading/experiment-jobs.js';
import { getExperimentRow } from '../../reading/experiment-row.js';
import { presentExperiment } from '../../reading/present-experiment.js';

export interface UpdateExperiment {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly experiment_name?: string | null | undefined;
  readonly experiment_description?: string | null | undefined;
  readonly hyperparameters?: JsonText | undefined;
}

/** Name and description at any time; hyperparameters until the first job exists. What is left out stays. */
export async function updateExperiment(ctx: Context, call: Call, input: UpdateExperiment): Promise<Experiment> {
  const before = await withAllJobs(ctx, await getExperimentRow(ctx, input.project_id, input.experiment_id));
  const changes = {
    ...(input.experiment_name !== undefined && { name: input.experiment_name }),
    ...(input.experiment_description !== undefined && { description: input.experiment_description }),
    ...(input.hyperparameters && { hyperparameters: input.hyperparameters.text }),
  };
  return takeStep(ctx, call, async (step) => {
    const { count } = await step.tx.experiment.updateMany({
      where: {
        id: input.experiment_id,
        projectId: input.project_id,
        // The counter of jobs stands on this very row, so a job created at the same moment is seen.
        ...(input.hyperparameters && { nextJobSequence: 1 }),
      },
      data: { ...changes, version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    if (count === 0) throw new Refusal(input.hyperparameters ? 'hyperparameters_fixed' : 'experiment_not_found');
    recordEvent(step, input.experiment_id, { type: 'experiment_updated', data: changes });
    return presentExperiment({ ...before, ...changes });
  });
}
