import type { PermissionLevel } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { afterCursor, toPage, type PageRequest } from '../../reading/page.js';
import { timestamp } from '../../reading/times.js';

export async function listMembers(ctx: Context, { project_id }: { project_id: string }, query: PageRequest) {
  const rows = await ctx.db.prisma.member.findMany({
    where: { projectId: project_id, ...memberAfter(query.cursor) },
    include: { user: { select: { name: true } } },
    orderBy: [{ createdAt: 'desc' }, { userId: 'desc' }],
    take: query.limit + 1,
  });
  return toPage(rows, query.limit, (row) => ({ createdAt: row.createdAt, id: row.userId }), (row) => ({
    user_id: row.userId,
    user_name: row.user.name,
    permission_level: row.level as PermissionLevel,
    added_at: timestamp(row.createdAt),
  }));
}

/** Members have no id of their own; the user's stands in for it. */
function memberAfter(cursor: string | undefined) {
  const { OR } = afterCursor(cursor);
  return OR ? { OR: OR.map(({ createdAt, id }) => (id ? { createdAt, userId: id } : { createdAt })) } : {};
}
