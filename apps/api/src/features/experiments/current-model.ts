import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { downloadLink } from '../../models/download-link.js';
import { Refusal } from '../../refusal.js';

/** A signed link to the model as trained so far. Throws a Refusal `experiment_not_found` or `start_model_missing`. */
export async function currentModelLink(ctx: Context, call: Call, { project_id, experiment_id }: { project_id: string; experiment_id: string }) {
  const experiment = await ctx.db.prisma.experiment.findFirst({ where: { id: experiment_id, projectId: project_id }, select: { currentModel: true } });
  if (!experiment) throw new Refusal('experiment_not_found');
  if (!experiment.currentModel) throw new Refusal('start_model_missing');
  return downloadLink(ctx, call, experiment.currentModel);
}
