import { searchName, type Goal, type StrategyRequest } from '@vergeai/domain';
import type { Context } from '../context.js';
import { strategyText } from '../models/strategy.js';

export interface NewExperiment {
  readonly project_id: string;
  readonly experiment_name?: string | undefined;
  readonly experiment_description?: string | undefined;
  readonly aggregation_strategy?: StrategyRequest | undefined;
  readonly keep_best?: Goal | undefined;
}

/** The row of an experiment that is being made. Hyperparameters are JSON text. */
export function newExperimentRow(ctx: Context, input: NewExperiment, hyperparameters: string) {
  const now = ctx.clock.now();
  const name = input.experiment_name ?? null;
  return {
    id: ctx.newId(),
    projectId: input.project_id,
    name,
    searchName: name === null ? null : searchName(name),
    description: input.experiment_description ?? null,
    hyperparameters,
    aggregationStrategy: input.aggregation_strategy === undefined ? null : strategyText(input.aggregation_strategy),
    keepBest: input.keep_best ? JSON.stringify(input.keep_best) : null,
    isActive: false,
    version: 1,
    nextJobSequence: 1,
    nextEventSequence: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** What `presentExperiment` needs to know of an experiment without jobs. */
export const withoutJobs = { currentJobId: null, currentModelJobId: null, jobs: null };
