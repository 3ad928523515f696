import type { PermissionLevel } from '@vergeai/contract';
import type { Member, Project } from '@vergeai/db';
import type { UserActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../reading/page.js';
import { timestamp } from '../../reading/times.js';

/** The projects the caller is a member of. */
export async function listProjects(ctx: Context, actor: UserActor, query: PageRequest) {
  const rows = await ctx.db.prisma.project.findMany({
    where: { members: { some: { userId: actor.userId } }, ...afterCursor(query.cursor) },
    include: { members: { where: { userId: actor.userId } } },
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  const { data, next_cursor } = toPage(rows, query.limit, (row) => row, present);
  return { data: data.filter((entry) => entry !== undefined), next_cursor };
}

/** Undefined for who has just been removed: Prisma reads memberships in a statement of their own, after the projects. */
function present({ members: [membership], ...project }: Project & { members: Member[] }) {
  return (
    membership && {
      project_id: project.id,
      name: project.name,
      description: project.description,
      permission_level: membership.level as PermissionLevel,
      created_at: timestamp(project.createdAt),
    }
  );
}
