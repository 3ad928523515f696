import { elementCount, type TensorSpec } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { formatOfRow } from '../../models/model-format.js';
import { layoutTensors } from '../../reading/layout-tensors.js';
import { whichModel } from '../../reading/which-model.js';
import { Refusal } from '../../refusal.js';

/**
 * What a model of an experiment is made of, read as it is sent. Throws a Refusal: `experiment_not_found`, `start_model_missing`,
 * `best_model_missing`, `job_not_found`, `job_not_complete`.
 */
export async function modelLayout(ctx: Context, { project_id, experiment_id }: { project_id: string; experiment_id: string }, { model }: { model: string }) {
  const { prisma } = ctx.db;
  const experiment = await prisma.experiment.findFirst({ where: { id: experiment_id, projectId: project_id }, select: { id: true, startModelId: true, currentModelId: true, bestJobId: true } });
  if (!experiment) throw new Refusal('experiment_not_found');
  const { format } = await prisma.storedModel.findUniqueOrThrow({ where: { id: await whichModel(prisma, experiment, model) }, select: { format: true } });
  let parameters = 0;
  // Every update is held to the layout of the start model, and so is what is made of them.
  async function* counted(): AsyncGenerator<readonly TensorSpec[], undefined> {
    for await (const batch of layoutTensors(ctx, experiment!.startModelId!)) {
      for (const { shape } of batch) parameters += elementCount(shape);
      yield batch;
    }
    return undefined;
  }
  return { format: formatOfRow({ format }).name, tensors: counted(), num_parameters: () => parameters };
}
