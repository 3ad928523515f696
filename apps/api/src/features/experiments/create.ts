import type { Experiment, JsonText } from '@vergeai/contract';
import { insert } from '@vergeai/db';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { newExperimentRow, withoutJobs, type NewExperiment } from '../../engine/new-experiment-row.js';
import { presentExperiment } from '../../reading/present-experiment.js';
import { changedExperiment } from '../../signals/changed.js';
import { firstEvent } from '../../writing/record-event.js';
import { takeKnownStep } from '../../writing/take-known-step.js';

export interface CreateExperiment extends NewExperiment {
  readonly hyperparameters?: JsonText | undefined;
}

/** A new experiment, without a model and without jobs. */
export async function createExperiment(ctx: Context, call: Call, input: CreateExperiment): Promise<Experiment> {
  const row = { ...newExperimentRow(ctx, input, input.hyperparameters?.text ?? '{}'), nextEventSequence: 2 };
  const answer = presentExperiment({ ...row, ...withoutJobs, startSize: null, currentSize: null });
  const created = firstEvent(ctx, call, row.id, { type: 'experiment_created', data: { name: row.name } });
  await takeKnownStep(ctx, call, { statements: [insert('Experiment', row), created], answer, signals: [changedExperiment(input.project_id, row.id)] });
  return answer;
}
