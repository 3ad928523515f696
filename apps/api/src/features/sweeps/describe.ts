import { JsonText } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { rankedMembers } from '../../reading/sweep-members.js';
import { presentSweepJob } from '../../reading/sweep-job.js';
import { activeSweeps, goalOf, presentSweep } from '../../reading/sweep-row.js';
import { Refusal } from '../../refusal.js';

/** A sweep with its members, the best one first. Throws a Refusal `sweep_not_found`. */
export async function describeSweep(ctx: Context, { project_id, sweep_id }: { project_id: string; sweep_id: string }) {
  const row = await ctx.db.prisma.sweep.findFirst({ where: { id: sweep_id, projectId: project_id }, include: { _count: { select: { members: true } } } });
  if (!row) throw new Refusal('sweep_not_found');
  const active = await activeSweeps(ctx, [row.id]);
  return {
    ...presentSweep(row, active.has(row.id)),
    hyperparameters: new JsonText(row.hyperparameters),
    seed: row.seed,
    num_jobs: row.numJobs,
    job: presentSweepJob(row),
    created_by: row.createdById,
    members: await rankedMembers(ctx, row.id, goalOf(row)),
  };
}
