import type { Call, UserActor } from '../../access/actor.js';
import { commit, type Transaction } from '../../writing/commit.js';
import type { Context } from '../../context.js';
import { newApiKey } from '../../access/api-key.js';
import { recordAudit } from '../../writing/record-audit.js';

export interface CreateKey {
  readonly label?: string | undefined;
  readonly expires_in_sec?: number | undefined;
}

/** A new user key for the caller. */
export async function createKey(ctx: Context, call: Call<UserActor>, input: CreateKey = {}): Promise<{ key: string }> {
  return commit(ctx, call, async (tx) => {
    const { id, key } = await insertUserKey(ctx, tx, call.actor.userId, input);
    await recordAudit(ctx, tx, call, { action: 'key_created', subjectId: id, after: input });
    return { key };
  });
}

/** Stores the hash of a new key and gives the key itself, which is nowhere else. */
export async function insertUserKey(ctx: Context, tx: Transaction, userId: string, { label, expires_in_sec }: CreateKey) {
  const { id, key } = newApiKey('vgu');
  const now = ctx.clock.now();
  await tx.apiKey.create({
    data: {
      id,
      kind: 'USER',
      userId,
      secretHash: ctx.secrets.hashApiKey(key),
      label: label ?? null,
      createdAt: now,
      expiresAt: expires_in_sec === undefined ? null : new Date(now.getTime() + expires_in_sec * 1000),
    },
    select: { id: true },
  });
  return { id, key };
}
