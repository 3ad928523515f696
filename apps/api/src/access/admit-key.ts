import type { Access } from '@vergeai/contract';
import type { Actor } from './actor.js';
import { authorise, type Target } from './authorise.js';
import type { Context } from '../context.js';
import { findActorByKeyId } from './find-actor.js';
import { Refusal } from '../refusal.js';

/**
 * Whose key it is, if that caller may do this now. For what takes a while: a key that was let in may have been revoked since.
 * Throws a Refusal `key_invalid`, or as `authorise` does.
 */
export async function admitKey(ctx: Context, access: Access, keyId: string, target: Target): Promise<Actor> {
  const actor = await findActorByKeyId(ctx, keyId);
  if (!actor) throw new Refusal('key_invalid');
  await authorise(ctx, access, actor, target);
  return actor;
}
