import type { Experiment, JsonObject } from '@vergeai/contract';
import type { Call } from '../../actor.js';
import { commit } from '../../commit.js';
import type { Context } from '../../context.js';
import { eventRow } from '../../record-event.js';
import { presentExperiment } from './present-experiment.js';

export interface CreateExperiment {
  readonly project_id: string;
  readonly hyperparameters?: JsonObject | undefined;
  readonly experiment_name?: string | undefined;
  readonly experiment_description?: string | undefined;
}

/** A new experiment, without a model and without jobs. */
export async function createExperiment(ctx: Context, call: Call, input: CreateExperiment): Promise<Experiment> {
  const now = ctx.clock.now();
  const experiment = {
    id: ctx.newId(),
    projectId: input.project_id,
    name: input.experiment_name ?? null,
    description: input.experiment_description ?? null,
    hyperparameters: JSON.stringify(input.hyperparameters ?? {}),
    isActive: false,
    version: 1,
    nextJobSequence: 1,
    nextEventSequence: 2,
    createdAt: now,
    updatedAt: now,
  };
  const event = eventRow(ctx, call, { type: 'experiment_created', data: { name: experiment.name } }, 1);
  return commit(ctx, call, async (tx) => {
    await tx.experiment.create({ data: { ...experiment, events: { create: event } }, select: { id: true } });
    return presentExperiment({ ...experiment, currentJobId: null, startSize: null, currentSize: null, currentModelJobId: null, jobs: null });
  });
}
