import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../reading/page.js';
import { activeSweeps, presentSweep } from '../../reading/sweep-row.js';

/** The sweeps of a project, newest first. */
export async function listSweeps(ctx: Context, { project_id }: { project_id: string }, { cursor, limit }: PageRequest) {
  const rows = await ctx.db.prisma.sweep.findMany({
    where: { projectId: project_id, ...afterCursor(cursor) },
    omit: { hyperparameters: true, job: true },
    include: { _count: { select: { members: true } } },
    orderBy: newestFirst,
    take: limit + 1,
  });
  const active = await activeSweeps(ctx, rows.map(({ id }) => id));
  return toPage(rows, limit, (row) => row, (row) => presentSweep(row, active.has(row.id)));
}
