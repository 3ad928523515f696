import { build, query, type RowOf } from '@vergeai/db';
import { sessionOf, type Actor } from './actor.js';
import type { Context } from '../context.js';
import { keyIdOf } from './api-key.js';
import { isEqual } from './secrets.js';
import { findSession, sessionById, sessionByToken } from './session.js';
import { findCode } from './sign-in-code.js';

const keyById = query((key: { id: string }) =>
  build
    .selectFrom('ApiKey as k')
    .leftJoin('User as u', 'u.id', 'k.userId')
    .leftJoin('Device as d', 'd.id', 'k.deviceId')
    .select(['k.id', 'k.kind', 'k.secretHash', 'k.expiresAt', 'k.revokedAt', 'k.userId', 'u.isServerAdmin', 'u.disabledAt', 'k.deviceId', 'd.projectId'])
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

/** Whose session this is, or undefined when it is nobody's or over. */
export async function findActorOfSession(ctx: Context, token: string): Promise<Actor | undefined> {
  const session = await findSession(ctx, sessionByToken, { tokenHash: ctx.secrets.hashSessionToken(token) });
  const actor = session && (await findActorOfKey(ctx, session));
  return actor?.kind === 'user' ? { ...actor, session: { id: session!.id, expiresAt: session!.expiresAt } } : undefined;
}

/** For whom this sign-in code stands, or undefined when it stands for nobody any more. It is not used up by asking. */
export async function findActorOfCode(ctx: Context, code: string): Promise<Actor | undefined> {
  const found = await findCode(ctx, code);
  return found && findActorOfKey(ctx, found);
}

/** The same caller, if the key and the session that were checked earlier still count. */
export async function findActorAgain(ctx: Pick<Context, 'db' | 'clock' | 'timebase'>, caller: Actor): Promise<Actor | undefined> {
  const session = sessionOf(caller);
  if (session && !(await findSession(ctx, sessionById, { id: session.id }))) return undefined;
  const actor = await findActorOfKey(ctx, caller);
  return actor?.kind === 'user' && session ? { ...actor, session } : actor;
}

/** Whose key this is, if that very key still counts. */
async function findActorOfKey(ctx: Pick<Context, 'db' | 'clock'>, { keyId, keyHash }: Pick<Actor, 'keyId' | 'keyHash'>): Promise<Actor | undefined> {
  const row = await ctx.db.hot.get(keyById, { id: keyId });
  return row?.secretHash === keyHash ? actorOf(ctx, row) : undefined;
}

/** Which key a ticket was given to. */
export interface KeyOfTicket {
  readonly keyId: string;
  /** Tells the keys apart that have had this id, and tells nothing else. */
  readonly keyMark: string;
}

export const keyOfTicket = (ctx: Context, { keyId, keyHash }: Actor): KeyOfTicket => ({ keyId, keyMark: markOf(ctx, keyHash) });

/** Who has asked for a ticket, if that very key still counts: tickets outlive a request, and BOOTSTRAP_API_KEY may be another one by now. */
export async function findActorOfTicket(ctx: Context, { keyId, keyMark }: KeyOfTicket): Promise<Actor | undefined> {
  const row = await ctx.db.hot.get(keyById, { id: keyId });
  return row && isEqual(markOf(ctx, row.secretHash), keyMark) ? actorOf(ctx, row) : undefined;
}

const markOf = (ctx: Context, keyHash: string) => ctx.secrets.sign(`key ${keyHash}`).slice(0, 22);

function actorOf(ctx: Pick<Context, 'clock'>, row: KeyRow): Actor | undefined {
  if (row.revokedAt || row.disabledAt || (row.expiresAt && row.expiresAt <= ctx.clock.now())) return undefined;
  const key = { keyId: row.id, keyHash: row.secretHash };
  return row.kind === 'USER'
    ? { kind: 'user', userId: row.userId!, isServerAdmin: row.isServerAdmin!, ...key }
    : { kind: 'device', deviceId: row.deviceId!, projectId: row.projectId!, ...key };
}
