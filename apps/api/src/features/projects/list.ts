import type { PermissionLevel } from '@vergeai/contract';
import type { Member, Project } from '@vergeai/db';
import type { UserActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toGrowingPage, type PageRequest } from '../../reading/page.js';
import { timestamp } from '../../reading/times.js';

/** The projects the caller is a member of. */
export async function listProjects(ctx: Context, actor: UserActor, query: PageRequest) {
  const read = (cursor: string | undefined, take: number) =>
    ctx.db.prisma.project.findMany({
      where: { members: { some: { userId: actor.userId } }, ...afterCursor(cursor) },
      include: { members: { where: { userId: actor.userId } } },
      orderBy: newestFirst,
      take,
    });
  const { data, next_cursor } = toGrowingPage(query, (row: Project & { members: Member[] }) => row, present, read);
  return { data: known(data), next_cursor };
}

async function* known<Entry>(batches: AsyncIterable<ReadonlyArray<Entry | undefined>>): AsyncGenerator<readonly Entry[]> {
  for await (const batch of batches) yield batch.filter((entry) => entry !== undefined);
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
