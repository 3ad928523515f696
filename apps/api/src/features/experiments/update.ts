import type { Experiment, JsonText } from '@vergeai/contract';
import { completeStrategy, searchName, type Goal, type StrategyRequest } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { findBestAnew } from '../../engine/keep-best.js';
import { recordEvent } from '../../writing/record-event.js';
import { Refusal } from '../../refusal.js';
import type { Step } from '../../writing/step.js';
import { takeStep } from '../../writing/take-step.js';
import { withAllJobs } from '../../reading/experiment-jobs.js';
import { getExperimentRow } from '../../reading/experiment-row.js';
import { strategyText } from '../../models/strategy.js';
import { presentExperiment } from '../../reading/present-experiment.js';
import { bytesOfIds, type Room } from '../../reading/room.js';

export interface UpdateExperiment {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly experiment_name?: string | null | undefined;
  readonly experiment_description?: string | null | undefined;
  readonly hyperparameters?: JsonText | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly archived?: boolean | undefined;
  readonly aggregation_strategy?: StrategyRequest | undefined;
  /** null: no model is the best one any more. */
  readonly keep_best?: Goal | null | undefined;
}

/**
 * Name, description, tags and which model is the best at any time; hyperparameters and aggregation strategy until the first job exists. What is left
 * out stays. Throws a Refusal: `experiment_not_found`, `hyperparameters_fixed`, `strategy_fixed`.
 */
export async function updateExperiment(ctx: Context, call: Call, input: UpdateExperiment, room: Room): Promise<Experiment> {
  const row = await getExperimentRow(ctx, input.project_id, input.experiment_id);
  await room(bytesOfIds(row.nextJobSequence));
  const before = await withAllJobs(ctx, row);
  const changes = {
    ...(input.experiment_name !== undefined && { name: input.experiment_name }),
    ...(input.experiment_description !== undefined && { description: input.experiment_description }),
    ...(input.hyperparameters && { hyperparameters: input.hyperparameters.text }),
  };
  return takeStep(ctx, call, async (step) => {
    const now = ctx.clock.now();
    const { count } = await step.tx.experiment.updateMany({
      where: {
        id: input.experiment_id,
        projectId: input.project_id,
        // The counter of jobs stands on this very row, so a job created at the same moment is seen.
        ...((input.hyperparameters || input.aggregation_strategy !== undefined) && { nextJobSequence: 1 }),
      },
      data: {
        ...changes,
        ...(changes.name !== undefined && { searchName: changes.name === null ? null : searchName(changes.name) }),
        ...(input.aggregation_strategy !== undefined && { aggregationStrategy: strategyText(input.aggregation_strategy) }),
        ...(input.keep_best !== undefined && { keepBest: input.keep_best && JSON.stringify(input.keep_best) }),
        ...(input.archived !== undefined && { archivedAt: input.archived ? now : null }),
        version: { increment: 1 },
        updatedAt: now,
      },
    });
    if (count === 0) throw new Refusal(input.hyperparameters ? 'hyperparameters_fixed' : input.aggregation_strategy !== undefined ? 'strategy_fixed' : 'experiment_not_found');
    if (input.tags) await setTags(step, input, input.tags);
    const { tags, archived, aggregation_strategy: strategy, keep_best } = input;
    recordEvent(step, input.experiment_id, {
      type: 'experiment_updated',
      data: { ...changes, ...(tags && { tags: tags.toSorted() }), ...(archived !== undefined && { archived }), ...(strategy !== undefined && { aggregation_strategy: { ...completeStrategy(strategy) } }), ...(keep_best !== undefined && { keep_best }) },
    });
    // The row is held since it was changed: no job completes meanwhile.
    if (keep_best !== undefined) await findBestAnew(step, input.experiment_id, keep_best);
    return presentExperiment({ ...before, ...changes });
  });
}

/** In the place of those that it has. */
async function setTags({ tx }: Step, { project_id, experiment_id }: UpdateExperiment, tags: readonly string[]): Promise<void> {
  await tx.experimentTag.deleteMany({ where: { experimentId: experiment_id } });
  await tx.experimentTag.createMany({ data: tags.map((tag) => ({ experimentId: experiment_id, tag, projectId: project_id })) });
}
