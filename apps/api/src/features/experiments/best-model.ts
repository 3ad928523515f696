import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { downloadLink } from '../../models/download-link.js';
import { whichModel } from '../../reading/which-model.js';
import { Refusal } from '../../refusal.js';

/** A signed link to the best model so far. Throws a Refusal `experiment_not_found`, `start_model_missing` or `best_model_missing`. */
export async function bestModelLink(ctx: Context, call: Call, { project_id, experiment_id }: { project_id: string; experiment_id: string }) {
  const { prisma } = ctx.db;
  const experiment = await prisma.experiment.findFirst({ where: { id: experiment_id, projectId: project_id }, select: { id: true, startModelId: true, currentModelId: true, bestJobId: true } });
  if (!experiment) throw new Refusal('experiment_not_found');
  return downloadLink(ctx, call, await prisma.storedModel.findUniqueOrThrow({ where: { id: await whichModel(prisma, experiment, 'best') } }));
}
