import type { UserActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { afterCursor, newestFirst, toPage, type PageRequest } from '../../reading/page.js';
import { timestamp, timestampOrNull } from '../../reading/times.js';

/** The caller's keys: everything about them but what opens the door. */
export async function listKeys(ctx: Context, actor: UserActor, query: PageRequest) {
  const rows = await ctx.db.prisma.apiKey.findMany({
    where: { userId: actor.userId, ...afterCursor(query.cursor) },
    omit: { secretHash: true },
    orderBy: newestFirst,
    take: query.limit + 1,
  });
  return toPage(rows, query.limit, (row) => row, (row) => ({
    key_id: row.id,
    label: row.label,
    created_at: timestamp(row.createdAt),
    last_used_at: timestampOrNull(row.lastUsedAt),
    expires_at: timestampOrNull(row.expiresAt),
    revoked_at: timestampOrNull(row.revokedAt),
    is_current: row.id === actor.keyId,
  }));
}
