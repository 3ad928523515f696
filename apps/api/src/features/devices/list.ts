import { awaitedStates, JobStatus } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../reading/page.js';
import { timestamp, timestampOrNull } from '../../reading/times.js';

/** Busy: a running job waits for its update. */
const awaited = { state: { in: [...awaitedStates] }, job: { status: JobStatus.IN_PROGRESS } };

export async function listDevices(
  ctx: Context,
  { project_id }: { project_id: string },
  query: PageRequest & { status?: 'idle' | 'busy' | undefined },
) {
  const rows = await ctx.db.prisma.device.findMany({
    where: {
      projectId: project_id,
      deletedAt: null,
      ...(query.status && { drawnFor: query.status === 'busy' ? { some: awaited } : { none: awaited } }),
      ...afterCursor(query.cursor),
    },
    include: { drawnFor: { where: awaited, select: { jobId: true }, take: 1 }, key: { select: { lastUsedAt: true } } },
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  return toPage(rows, query.limit, (row) => row, (row) => ({
    device_id: row.id,
    status: row.drawnFor.length > 0 ? ('busy' as const) : ('idle' as const),
    created_at: timestamp(row.createdAt),
    last_seen_at: timestampOrNull(row.key?.lastUsedAt ?? null),
  }));
}
