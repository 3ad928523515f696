import { sessionOf, type Actor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { earlier, timestamp, timestampOrNull } from '../../reading/times.js';

/** Who the caller is, and what kind of server `version` is. */
export async function whoAmI(ctx: Context, actor: Actor, version: string) {
  const key = await ctx.db.prisma.apiKey.findUniqueOrThrow({ where: { id: actor.keyId }, select: { id: true, label: true, expiresAt: true, user: true } });
  const session = sessionOf(actor);
  const { modelBytes, jsonModelBytes } = ctx.config.limits;
  return {
    kind: actor.kind,
    user: key.user && { user_id: key.user.id, user_name: key.user.name, is_server_admin: key.user.isServerAdmin },
    device: actor.kind === 'device' ? { device_id: actor.deviceId, project_id: actor.projectId } : null,
    key: { key_id: key.id, label: key.label, expires_at: timestampOrNull(key.expiresAt) },
    session_expires_at: session ? timestamp(earlier(session.expiresAt, key.expiresAt)) : null,
    server: { version, now: timestamp(ctx.clock.now()), max_model_bytes: limitOrNull(modelBytes), max_json_model_bytes: limitOrNull(jsonModelBytes) },
  };
}

const limitOrNull = (limit: number) => (Number.isFinite(limit) ? limit : null);
