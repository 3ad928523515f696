import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { eventRow, type NewEvent } from '../writing/record-event.js';

export interface NewExperiment {
  readonly project_id: string;
  readonly experiment_name?: string | undefined;
  readonly experiment_description?: string | undefined;
}

/** The row of an experiment that has just been made, and its first event. Hyperparameters are JSON text. */
export function newExperimentRow(ctx: Context, call: Call, input: NewExperiment, hyperparameters: string, event: NewEvent) {
  const now = ctx.clock.now();
  return {
    row: {
      id: ctx.newId(),
      projectId: input.project_id,
      name: input.experiment_name ?? null,
      description: input.experiment_description ?? null,
      hyperparameters,
      isActive: false,
      version: 1,
      nextJobSequence: 1,
      nextEventSequence: 2,
      createdAt: now,
      updatedAt: now,
    },
    event: eventRow(ctx, call, event, 1),
  };
}

/** What `presentExperiment` needs to know of an experiment without jobs. */
export const withoutJobs = { currentJobId: null, currentModelJobId: null, jobs: null };
