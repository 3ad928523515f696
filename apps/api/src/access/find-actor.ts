import { build, query, type RowOf } from '@vergeai/db';
import type { Actor } from './actor.js';
import type { Context } from '../context.js';
import { keyIdOf } from './api-key.js';
import { isEqual } from './secrets.js';

const keyById = query((key: { id: string }) =>
  build
    .selectFrom('ApiKey as k')
    .leftJoin('User as u', 'u.id', 'k.userId')
    .leftJoin('Device as d', 'd.id', 'k.deviceId')
    .select(['k.id', 'k.kind', 'k.secretHash', 'k.expiresAt', 'k.revokedAt', 'k.userId', 'u.isServerAdmin', 'k.deviceId', 'd.projectId'])
    .where('k.id', '=', key.id));
type KeyRow = RowOf<typeof keyById>;

const NO_HASH = '0'.repeat(64);

/**
 * Whose key this is, or undefined when it is nobody's, revoked or expired. The hash is computed and compared
 * for unknown keys too, so that the time taken does not tell which ids exist.
 */
export async function findActor(ctx: Context, presentedKey: string): Promise<Actor | undefined> {
  const row = await ctx.db.hot.get(keyById, { id: keyIdOf(presentedKey) });
  const matches = isEqual(ctx.secrets.hashApiKey(presentedKey), row?.secretHash ?? NO_HASH);
  return row && matches ? actorOf(ctx, row) : undefined;
}

/** The actor behind a key that was checked earlier, if the key still counts: for tickets, which outlive a request. */
export async function findActorByKeyId(ctx: Context, keyId: string): Promise<Actor | undefined> {
  const row = await ctx.db.hot.get(keyById, { id: keyId });
  return row && actorOf(ctx, row);
}

function actorOf(ctx: Context, row: KeyRow): Actor | undefined {
  if (row.revokedAt || (row.expiresAt && row.expiresAt <= ctx.clock.now())) return undefined;
  return row.kind === 'USER'
    ? { kind: 'user', userId: row.userId!, keyId: row.id, isServerAdmin: row.isServerAdmin! }
    : { kind: 'device', deviceId: row.deviceId!, projectId: row.projectId!, keyId: row.id };
}
