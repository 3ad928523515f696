import type { Call, UserActor } from '../../access/actor.js';
import { insertUserKey, type NewUserKey } from '../../access/insert-user-key.js';
import type { Context } from '../../context.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

/** A new user key for the caller. */
export async function createKey(ctx: Context, call: Call<UserActor>, input: NewUserKey = {}): Promise<{ key: string }> {
  return takeStep(ctx, call, async (step) => {
    const { id, key } = await insertUserKey(ctx, step.tx, call.actor.userId, input);
    await recordAudit(step, { action: 'key_created', subjectId: id, after: input });
    return { key };
  });
}
