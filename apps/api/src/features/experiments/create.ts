import type { Experiment, JsonObject } from '@vergeai/contract';
import { insert } from '@vergeai/db';
import type { Call } from '../../access/actor.js';
import { commitStatements } from '../../writing/commit.js';
import type { Context } from '../../context.js';
import { newExperimentRow, withoutJobs, type NewExperiment } from '../../engine/new-experiment-row.js';
import { presentExperiment } from '../../reading/present-experiment.js';

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
  const answer = presentExperiment({ ...row, ...withoutJobs, startSize: null, currentSize: null });
  return commitStatements(ctx, call, [insert('Experiment', row), insert('Event', { experimentId: row.id, ...event })], answer);
}
