import { build, statement, type HotStatement } from '@vergeai/db';
import { sessionOf, type Call } from '../access/actor.js';
import type { Context } from '../context.js';

/**
 * A statement for the transaction in which a call takes effect: it would change a row, and must not, once the caller's key is
 * revoked, expired or another one, its session ended, or its owner disabled or no longer the member that the operation asks for. As
 * the last one it looks when the locks that others held have been waited for (docs/decisions/0021).
 */
export function rightStands({ clock }: Pick<Context, 'clock'>, { actor, right: { access, target } }: Call): HotStatement {
  const key = { keyId: actor.keyId, keyHash: actor.keyHash, now: clock.now() };
  const session = sessionOf(actor);
  if (access.who !== 'member' || actor.kind !== 'user') return session ? sessionStands({ ...key, sessionId: session.id }) : keyStands(key);
  const member = { ...key, projectId: target.project_id!, level: access.level };
  return session ? memberSessionStands({ ...member, sessionId: session.id }) : memberStands(member);
}

interface Key {
  readonly keyId: string;
  readonly keyHash: string;
  readonly now: Date;
}

const keyRow = (key: Key) =>
  build
    .selectFrom('ApiKey as k')
    // A device's key has no user.
    .leftJoin('User as u', 'u.id', 'k.userId')
    .select('k.id')
    .where('u.disabledAt', 'is', null)
    .where('k.id', '=', key.keyId)
    .where('k.secretHash', '=', key.keyHash)
    .where('k.revokedAt', 'is', null)
    .where((row) => row.or([row('k.expiresAt', 'is', null), row('k.expiresAt', '>', key.now)]));

interface Member extends Key {
  readonly projectId: string;
  readonly level: number;
}

const memberRow = (of: Member) => keyRow(of).innerJoin('Member as m', 'm.userId', 'k.userId').where('m.projectId', '=', of.projectId).where('m.level', '>=', of.level);

/** One that is over by time was looked at when it came, and waits no longer than a lock is waited for. */
interface Session {
  readonly sessionId: string;
}

const sessionRow = (of: Session) => build.selectFrom('Session').select('id').where('id', '=', of.sessionId);

const theServer = build.updateTable('Server').set(({ ref }) => ({ id: ref('Server.id') }));

const keyStands = statement((key: Key) => theServer.where(({ not, exists }) => not(exists(keyRow(key)))), 0);
const memberStands = statement((of: Member) => theServer.where(({ not, exists }) => not(exists(memberRow(of)))), 0);
const sessionStands = statement((of: Key & Session) =>
  theServer.where(({ not, exists, and }) => not(and([exists(keyRow(of)), exists(sessionRow(of))]))), 0);
const memberSessionStands = statement((of: Member & Session) =>
  theServer.where(({ not, exists, and }) => not(and([exists(memberRow(of)), exists(sessionRow(of))]))), 0);
