import { sessionOf, type Actor } from './actor.js';
import { authorise } from './authorise.js';
import type { Context } from '../context.js';
import { findActorAgain, findActorOfTicket, type KeyOfTicket } from './find-actor.js';
import { Refusal } from '../refusal.js';
import type { Right } from './right.js';

/** Whether what let a caller in still counts. Throws a Refusal `key_invalid` or `session_invalid`. */
export async function requireSameKey(ctx: Pick<Context, 'db' | 'clock' | 'timebase'>, caller: Actor): Promise<void> {
  if (!(await findActorAgain(ctx, caller))) throw new Refusal(sessionOf(caller) ? 'session_invalid' : 'key_invalid');
}

/**
 * Lets a caller in once more, for what takes a while: a key that was let in may have been revoked since, and its owner demoted.
 * Throws a Refusal as `requireSameKey` or `authorise` does.
 */
export async function admitAgain(ctx: Pick<Context, 'db' | 'clock' | 'timebase'>, caller: Actor, right: Right): Promise<void> {
  await requireSameKey(ctx, caller);
  await authorise(ctx, caller, right);
}

/** Says why a right has fallen. Throws a Refusal: as `admitAgain`, or `conflict` when it was given back in between. */
export async function refuseFallen(ctx: Pick<Context, 'db' | 'clock' | 'timebase'>, caller: Actor, right: Right): Promise<never> {
  await admitAgain(ctx, caller, right);
  throw new Refusal('conflict');
}

/** As `admitAgain`, for a ticket, of which only its key is known: gives whose it is. */
export async function admitTicket(ctx: Context, ticket: KeyOfTicket, right: Right): Promise<Actor> {
  const actor = await findActorOfTicket(ctx, ticket);
  if (!actor) throw new Refusal('key_invalid');
  await authorise(ctx, actor, right);
  return actor;
}
