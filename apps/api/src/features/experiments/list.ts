import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../reading/page.js';
import { timestamp } from '../../reading/times.js';

export async function listExperiments(
  ctx: Context,
  { project_id }: { project_id: string },
  query: PageRequest & { status?: 'active' | 'idle' | undefined },
) {
  const rows = await ctx.db.prisma.experiment.findMany({
    where: {
      projectId: project_id,
      ...(query.status && { isActive: query.status === 'active' }),
      ...afterCursor(query.cursor),
    },
    include: { _count: { select: { jobs: true } } },
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  return toPage(rows, query.limit, (row) => row, (row) => ({
    experiment_id: row.id,
    name: row.name,
    description: row.description,
    status: row.isActive ? ('active' as const) : ('idle' as const),
    current_job: row.currentJobId ?? 'NONE',
    num_jobs: row._count.jobs,
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
  }));
}
