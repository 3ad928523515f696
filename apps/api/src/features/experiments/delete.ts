import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { countAnew, holdStorage } from '../../models/project-storage.js';
import { changedExperiment } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

const BLOBS_AT_ONCE = 500;

/**
 * Deletes an experiment; its jobs, models and log go in the same transaction. Its blobs go next, but those that forks of
 * it share; should the process die in between, the clean-up finds them without a row. Throws a Refusal
 * `experiment_not_found`.
 */
export async function deleteExperiment(ctx: Context, call: Call, { project_id, experiment_id }: { project_id: string; experiment_id: string }) {
  let blobs: string[] = [];
  const answer = await takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const { name } = await lockExperiment(step, project_id, experiment_id);
    await ctx.db.run(tx, holdStorage({ projectId: project_id }));
    const models = await tx.storedModel.findMany({ where: { experimentId: experiment_id }, select: { blobKey: true } });
    const states = await tx.serverState.findMany({ where: { experimentId: experiment_id }, select: { blobKey: true } });
    blobs = [...models, ...states].map(({ blobKey }) => blobKey);
    await tx.storedModel.updateMany({ where: { experimentId: { not: experiment_id }, parent: { experimentId: experiment_id } }, data: { parentId: null } });
    await tx.experiment.deleteMany({ where: { id: experiment_id } });
    await ctx.db.run(tx, countAnew({ projectId: project_id }));
    await recordAudit(step, { action: 'experiment_deleted', projectId: project_id, subjectId: experiment_id, before: { name } });
    return {};
  });
  ctx.signals.publish([{ about: 'experiment', id: experiment_id }, changedExperiment(project_id, experiment_id)]);
  await removeBlobs(ctx, blobs).catch((error: unknown) => ctx.log.warn({ err: error, experiment_id }, 'blobs are left to the clean-up'));
  return answer;
}

async function removeBlobs(ctx: Context, blobs: readonly string[]): Promise<void> {
  for (let at = 0; at < blobs.length; at += BLOBS_AT_ONCE) {
    const keys = blobs.slice(at, at + BLOBS_AT_ONCE);
    const of = { where: { blobKey: { in: keys } }, select: { blobKey: true } };
    const shared = [...(await ctx.db.prisma.storedModel.findMany(of)), ...(await ctx.db.prisma.serverState.findMany(of))];
    const kept = new Set(shared.map(({ blobKey }) => blobKey));
    for (const key of keys) if (!kept.has(key)) await ctx.storage.remove(key);
  }
}
