import type { PermissionLevel } from '@vergeai/contract';
import type { UserActor } from '../../actor.js';
import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../page.js';
import { timestamp } from '../../present.js';

/** The projects the caller is a member of. */
export async function listProjects(ctx: Context, actor: UserActor, query: PageRequest) {
  const rows = await ctx.db.prisma.project.findMany({
    where: { members: { some: { userId: actor.userId } }, ...afterCursor(query.cursor) },
    include: { members: { where: { userId: actor.userId } } },
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  return toPage(rows, query.limit, (row) => row, (row) => ({
    project_id: row.id,
    name: row.name,
    description: row.description,
    permission_level: row.members[0]!.level as PermissionLevel,
    created_at: timestamp(row.createdAt),
  }));
}
