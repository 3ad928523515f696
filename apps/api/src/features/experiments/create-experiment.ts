import type { Experiment, JsonObject } from '@vergeai/contract';
import type { Call } from '../../actor.js';
import { commit } from '../../commit.js';
import type { Context } from '../../context.js';
import { newExperimentRow, withoutJobs, type NewExperiment } from './new-experiment-row.js';
import { presentExperiment } from './present-experiment.js';

export interface CreateExperiment extends NewExperiment {
  readonly hyperparameters?: JsonObject | undefined;
}

/** A new experiment, without a model and without jobs. */
export async function createExperiment(ctx: Context, call: Call, input: CreateExperiment): Promise<Experiment> {
  const hyperparameters = JSON.stringify(input.hyperparameters ?? {});
  const { row, event } = newExperimentRow(ctx, call, input, hyperparameters, {
    type: 'experiment_created',
    data: { name: input.experiment_name ?? null },
  });
  return commit(ctx, call, async (tx) => {
    await tx.experiment.create({ data: { ...row, events: { create: event } }, select: { id: true } });
    return presentExperiment({ ...row, ...withoutJobs, startSize: null, currentSize: null });
  });
}
