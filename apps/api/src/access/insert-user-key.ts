import type { Transaction } from '@vergeai/db';
import type { Context } from '../context.js';
import { newApiKey } from './api-key.js';

export interface NewUserKey {
  readonly label?: string | undefined;
  readonly expires_in_sec?: number | undefined;
}

/** Stores the hash of a new key and gives the key itself, which is nowhere else. */
export async function insertUserKey(ctx: Context, tx: Transaction, userId: string, { label, expires_in_sec }: NewUserKey) {
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
