import type { Call, UserActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

/** Ends one of the caller's sessions. Throws a Refusal `session_not_found`. */
export const revokeSession = (ctx: Context, call: Call<UserActor>, { session_id }: { session_id: string }) => endSession(ctx, call, session_id);

export async function endSession(ctx: Context, call: Call<UserActor>, id: string) {
  return takeStep(ctx, call, async (step) => {
    // It may be the one that asks.
    await step.askForRight();
    const { count } = await step.tx.session.deleteMany({ where: { id, key: { userId: call.actor.userId } } });
    if (count === 0) throw new Refusal('session_not_found');
    await recordAudit(step, { action: 'session_ended', subjectId: id });
    return {};
  }, { makesRoom: true });
}
