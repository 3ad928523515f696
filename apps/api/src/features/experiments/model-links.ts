import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { downloadLink } from '../../models/download-link.js';

interface ExperimentPath {
  readonly project_id: string;
  readonly experiment_id: string;
}

/** A signed link to the start model. Throws a Refusal `experiment_not_found` or `start_model_missing`. */
export const startModelLink = (ctx: Context, call: Call, path: ExperimentPath) => link(ctx, call, path, 'startModel');

/** A signed link to the model as trained so far. Throws the same. */
export const currentModelLink = (ctx: Context, call: Call, path: ExperimentPath) => link(ctx, call, path, 'currentModel');

async function link(ctx: Context, call: Call, { project_id, experiment_id }: ExperimentPath, which: 'startModel' | 'currentModel') {
  const experiment = await ctx.db.prisma.experiment.findFirst({
    where: { id: experiment_id, projectId: project_id },
    select: { startModel: true, currentModel: true },
  });
  if (!experiment) throw new Refusal('experiment_not_found');
  const model = experiment[which];
  if (!model) throw new Refusal('start_model_missing');
  return downloadLink(ctx, call, model);
}
