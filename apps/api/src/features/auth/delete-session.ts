import type { Call, UserActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { endSession } from './revoke-session.js';

/** Ends the session by which the caller came. */
export async function deleteSession(ctx: Context, call: Call<UserActor>) {
  if (!call.actor.session) throw new Refusal('session_required');
  return endSession(ctx, call, call.actor.session.id);
}
