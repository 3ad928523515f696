import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toGrowingPage, type PageRequest } from '../../reading/page.js';
import { timestamp } from '../../reading/times.js';

export async function listExperiments(
  ctx: Context,
  { project_id }: { project_id: string },
  query: PageRequest & { status?: 'active' | 'idle' | undefined },
) {
  const read = (cursor: string | undefined, take: number) =>
    ctx.db.prisma.experiment.findMany({
      where: {
        projectId: project_id,
        ...(query.status && { isActive: query.status === 'active' }),
        ...afterCursor(cursor),
      },
      // They are not shown, and may be large.
      omit: { hyperparameters: true },
      include: { _count: { select: { jobs: true } } },
      orderBy: newestFirst,
      take,
    });
  type Row = Awaited<ReturnType<typeof read>>[number];
  return toGrowingPage(query, (row: Row) => row, (row) => ({
    experiment_id: row.id,
    name: row.name,
    description: row.description,
    status: row.isActive ? ('active' as const) : ('idle' as const),
    current_job: row.currentJobId ?? 'NONE',
    num_jobs: row._count.jobs,
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
  }), read);
}
