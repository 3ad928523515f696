import type { Actor } from './actor.js';
import type { Context } from '../context.js';
import { keyIdOf } from './api-key.js';
import { isEqual } from './secrets.js';

interface KeyRow {
  id: string;
  kind: 'USER' | 'DEVICE';
  secretHash: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  userId: string | null;
  isServerAdmin: boolean | null;
  deviceId: string | null;
  projectId: string | null;
}

const SELECT_KEY = `
  SELECT k."id", k."kind", k."secretHash", k."expiresAt", k."revokedAt", k."userId", u."isServerAdmin", k."deviceId", d."projectId"
  FROM "ApiKey" k
  LEFT JOIN "User" u ON u."id" = k."userId"
  LEFT JOIN "Device" d ON d."id" = k."deviceId"
  WHERE k."id" = ?`;

const NO_HASH = '0'.repeat(64);

/**
 * Whose key this is, or undefined when it is nobody's, revoked or expired. The hash is computed and compared
 * for unknown keys too, so that the time taken does not tell which ids exist.
 */
export async function findActor(ctx: Context, presentedKey: string): Promise<Actor | undefined> {
  const row = await ctx.db.hot.get<KeyRow>(SELECT_KEY, [keyIdOf(presentedKey)]);
  const matches = isEqual(ctx.secrets.hashApiKey(presentedKey), row?.secretHash ?? NO_HASH);
  return row && matches ? actorOf(ctx, row) : undefined;
}

/** The actor behind a key that was checked earlier, if the key still counts: for tickets, which outlive a request. */
export async function findActorByKeyId(ctx: Context, keyId: string): Promise<Actor | undefined> {
  const row = await ctx.db.hot.get<KeyRow>(SELECT_KEY, [keyId]);
  return row && actorOf(ctx, row);
}

function actorOf(ctx: Context, row: KeyRow): Actor | undefined {
  if (row.revokedAt || (row.expiresAt && row.expiresAt <= ctx.clock.now())) return undefined;
  return row.kind === 'USER'
    ? { kind: 'user', userId: row.userId!, keyId: row.id, isServerAdmin: row.isServerAdmin! }
    : { kind: 'device', deviceId: row.deviceId!, projectId: row.projectId!, keyId: row.id };
}
