import { build, statement, type HotStatement } from '@vergeai/db';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';

/**
 * A statement for the transaction in which a call takes effect: it would change a row, and must not, once the caller's key is
 * revoked, expired or another one, or its owner disabled or no longer the member that the operation asks for. As the last one it looks
 * when the locks that others held have been waited for (docs/decisions/0021).
 */
export function rightStands({ clock }: Pick<Context, 'clock'>, { actor, right: { access, target } }: Call): HotStatement {
  const key = { keyId: actor.keyId, keyHash: actor.keyHash, now: clock.now() };
  return access.who === 'member' && actor.kind === 'user' ? memberStands({ ...key, projectId: target.project_id!, level: access.level }) : keyStands(key);
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

const theServer = build.updateTable('Server').set(({ ref }) => ({ id: ref('Server.id') }));

const keyStands = statement((key: Key) => theServer.where(({ not, exists }) => not(exists(keyRow(key)))), 0);

const memberStands = statement((of: Key & { projectId: string; level: number }) =>
  theServer.where(({ not, exists }) =>
    not(exists(keyRow(of).innerJoin('Member as m', 'm.userId', 'k.userId').where('m.projectId', '=', of.projectId).where('m.level', '>=', of.level)))), 0);
