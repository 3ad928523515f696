import type { Context } from '../context.js';

/** Of an experiment that keeps its best model, which that is; null while there is none. */
export async function bestModel(ctx: Context, { bestJobId, bestValue }: { readonly bestJobId: string | null; readonly bestValue: number | null }) {
  if (bestJobId === null || bestValue === null) return null;
  const job = await ctx.db.prisma.job.findUnique({ where: { id: bestJobId }, select: { sequence: true, aggregateModel: { select: { sha256: true } } } });
  return job?.aggregateModel ? { job_id: bestJobId, sequence: job.sequence, value: bestValue, sha256: job.aggregateModel.sha256 } : null;
}
