import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../reading/page.js';
import { timestamp, timestampOrNull } from '../../reading/times.js';

export async function listUsers(ctx: Context, query: PageRequest) {
  const rows = await ctx.db.prisma.user.findMany({
    where: afterCursor(query.cursor),
    include: { _count: { select: { memberships: true } } },
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  return toPage(rows, query.limit, (row) => row, (row) => ({
    user_id: row.id,
    user_name: row.name,
    is_server_admin: row.isServerAdmin,
    num_projects: row._count.memberships,
    created_at: timestamp(row.createdAt),
    disabled_at: timestampOrNull(row.disabledAt),
  }));
}
