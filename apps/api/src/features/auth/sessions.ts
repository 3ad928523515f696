import { build, query } from '@vergeai/db';
import type { UserActor } from '../../access/actor.js';
import { sessionTimes } from '../../access/session.js';
import type { Context } from '../../context.js';
import { positionOf, toPage, type PageRequest } from '../../reading/page.js';
import { earlier, timestamp } from '../../reading/times.js';

/** Those of the keys that count, newest first; the key that a session was begun with may be another one by now. */
const liveSessions = query((of: { userId: string; now: Date; timeOfDay: Date; idleSince: Date; beforeAt: Date; beforeId: string; limit: number }) =>
  build
    .selectFrom('Session as s')
    .innerJoin('ApiKey as k', 'k.id', 's.keyId')
    .select(['s.id', 's.keyId', 's.createdAt', 's.lastUsedAt', 's.expiresAt', 's.userAgent', 'k.expiresAt as keyExpiresAt'])
    .where('k.userId', '=', of.userId)
    .whereRef('k.secretHash', '=', 's.keyHash')
    .where('k.revokedAt', 'is', null)
    .where((row) => row.or([row('k.expiresAt', 'is', null), row('k.expiresAt', '>', of.timeOfDay)]))
    .where('s.expiresAt', '>', of.now)
    .where('s.lastUsedAt', '>', of.idleSince)
    .where((row) => row.or([row('s.createdAt', '<', of.beforeAt), row.and([row('s.createdAt', '=', of.beforeAt), row('s.id', '<', of.beforeId)])]))
    .orderBy('s.createdAt', 'desc')
    .orderBy('s.id', 'desc')
    .limit(of.limit));

/** The caller's sessions that are not over. */
export async function listSessions(ctx: Context, actor: UserActor, { limit, cursor }: PageRequest) {
  const { idleSince, now } = sessionTimes(ctx.timebase.now());
  const before = positionOf(cursor);
  const rows = await ctx.db.hot.all(liveSessions, {
    userId: actor.userId, now, timeOfDay: ctx.clock.now(), idleSince, beforeAt: before.createdAt, beforeId: before.id, limit: limit + 1,
  });
  return toPage(rows, limit, (row) => row, (row) => ({
    session_id: row.id,
    key_id: row.keyId,
    created_at: timestamp(row.createdAt),
    last_used_at: timestamp(row.lastUsedAt),
    expires_at: timestamp(earlier(row.expiresAt, row.keyExpiresAt)),
    user_agent: row.userAgent,
    is_current: row.id === actor.session?.id,
  }));
}
