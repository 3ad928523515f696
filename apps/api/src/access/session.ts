import { randomBytes } from 'node:crypto';
import { build, query, type HotQuery, type Transaction } from '@vergeai/db';
import type { UserActor } from './actor.js';
import type { Context } from '../context.js';

const IDLE_MS = 12 * 60 * 60 * 1000;
const LONGEST_MS = 7 * 24 * 60 * 60 * 1000;

/** Between which times a session that still counts was used last, and is going to end; by the timebase, as `now` is. */
export const sessionTimes = (now: Date) => ({
  idleSince: new Date(now.getTime() - IDLE_MS),
  now,
  longest: new Date(now.getTime() + LONGEST_MS),
});

const columns = ['id', 'keyId', 'keyHash', 'lastUsedAt', 'expiresAt'] as const;

export const sessionByToken = query((session: { tokenHash: string }) => build.selectFrom('Session').select(columns).where('tokenHash', '=', session.tokenHash));
export const sessionById = query((session: { id: string }) => build.selectFrom('Session').select(columns).where('id', '=', session.id));

interface SessionRow {
  readonly id: string;
  readonly keyId: string;
  readonly keyHash: string;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** A session whose time is not over. Whether its key still counts is another question. */
export async function findSession<Of>(ctx: Pick<Context, 'db' | 'timebase'>, by: HotQuery<Of, SessionRow>, of: Of): Promise<SessionRow | undefined> {
  const row = await ctx.db.hot.get(by, of);
  const { idleSince, now } = sessionTimes(ctx.timebase.now());
  return row && row.lastUsedAt > idleSince && row.expiresAt > now ? row : undefined;
}

/** Stores a new session of a caller's key, and gives the token that its cookie holds and that is nowhere else. */
export async function insertSession(ctx: Context, tx: Transaction, { keyId, keyHash }: UserActor, userAgent: string | undefined) {
  const token = randomBytes(32).toString('base64url');
  const { now, longest } = sessionTimes(ctx.timebase.now());
  const { id } = await tx.session.create({
    data: {
      id: ctx.newId(),
      tokenHash: ctx.secrets.hashSessionToken(token),
      keyId,
      keyHash,
      userAgent: userAgent ?? null,
      createdAt: ctx.clock.now(),
      lastUsedAt: now,
      expiresAt: longest,
    },
    select: { id: true },
  });
  return { id, token, expiresAt: longest };
}
