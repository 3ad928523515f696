import type { Experiment, JsonText } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import { recordEvent } from '../../writing/record-event.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { inheritState } from '../../engine/inherit-state.js';
import { newExperimentRow, withoutJobs, type NewExperiment } from '../../engine/new-experiment-row.js';
import { holdStorage } from '../../models/project-storage.js';
import { presentExperiment } from '../../reading/present-experiment.js';
import { whichModel } from '../../reading/which-model.js';

export interface ForkExperiment extends NewExperiment {
  readonly experiment_id: string;
  /** 'start', 'current', 'best', or the id of a completed job. */
  readonly from: string;
  readonly hyperparameters?: JsonText | undefined;
}

/**
 * A new experiment whose start model is one that another experiment has or made. The bytes are shared, not copied.
 * Throws a Refusal: `experiment_not_found`, `start_model_missing`, `best_model_missing`, `job_not_found`, `job_not_complete`.
 */
export async function forkExperiment(ctx: Context, call: Call, input: ForkExperiment): Promise<Experiment> {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    // Whoever removes models waits, or has removed them: a blob that is about to be shared is not counted out.
    await ctx.db.run(tx, holdStorage({ projectId: input.project_id }));
    const parent = await tx.experiment.findFirst({ where: { id: input.experiment_id, projectId: input.project_id } });
    if (!parent) throw new Refusal('experiment_not_found');
    const source = await tx.storedModel.findUniqueOrThrow({ where: { id: await whichModel(tx, parent, input.from) } });
    const { layout } = await tx.modelLayout.findUniqueOrThrow({ where: { modelId: parent.startModelId! } });
    const hyperparameters = input.hyperparameters?.text ?? parent.hyperparameters;
    const own = newExperimentRow(ctx, input, hyperparameters);
    const row = {
      ...own,
      ...(input.aggregation_strategy === undefined && { aggregationStrategy: parent.aggregationStrategy }),
      ...(input.keep_best === undefined && { keepBest: parent.keepBest }),
    };
    // The model has seen what its own rounds have seen.
    const spent = input.from === 'start' ? {} : { privacySpent: parent.privacySpent, noisyRounds: parent.noisyRounds };
    await tx.experiment.create({ data: { ...row, ...spent, forkedFromId: parent.id }, select: { id: true } });
    const modelId = ctx.newId();
    await tx.storedModel.create({
      data: {
        id: modelId,
        kind: 'START',
        projectId: input.project_id,
        experimentId: row.id,
        format: source.format,
        size: source.size,
        sha256: source.sha256,
        blobKey: source.blobKey,
        parentId: source.id,
        createdAt: row.createdAt,
        layout: { create: { layout } },
      },
      select: { id: true },
    });
    await tx.experiment.updateMany({ where: { id: row.id }, data: { startModelId: modelId, currentModelId: modelId } });
    const serverState = await inheritState(step, { parent, from: input.from, sourceModelId: source.id, forkRow: row, modelId });
    recordEvent(step, row.id, { type: 'experiment_forked', data: { from_experiment: parent.id, from: input.from, sha256: source.sha256, ...(serverState && { server_state: serverState }) } });
    return presentExperiment({ ...row, ...withoutJobs, startSize: source.size, currentSize: source.size });
  });
}
