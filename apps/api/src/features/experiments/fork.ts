import type { Experiment, JsonText } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { addForks } from '../../engine/add-forks.js';
import { withoutJobs, type NewExperiment } from '../../engine/new-experiment-row.js';
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
    await ctx.db.run(tx, holdStorage({ projectId: input.project_id }));
    const parent = await tx.experiment.findFirst({ where: { id: input.experiment_id, projectId: input.project_id } });
    if (!parent) throw new Refusal('experiment_not_found');
    const modelId = await whichModel(tx, parent, input.from);
    const [row] = await addForks(step, { parent, from: input.from, modelId, forks: [{ ...input, hyperparameters: input.hyperparameters?.text }] });
    return presentExperiment({ ...row!, ...withoutJobs });
  });
}
