import type { Context } from '../../context.js';

/** The current job of every active experiment, oldest experiment first. */
export async function activeJobs(ctx: Context, { project_id }: { project_id: string }) {
  const rows = await ctx.db.prisma.experiment.findMany({
    where: { projectId: project_id, isActive: true, currentJobId: { not: null } },
    select: { currentJobId: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return { job_ids: rows.map((row) => row.currentJobId!) };
}
