import type { Call } from '../../access/actor.js';
import { insertUserKey } from '../../access/insert-user-key.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

/** Revokes every key of a user and makes a new one. Throws a Refusal `user_not_found`. */
export async function resetUserKey(ctx: Context, call: Call, { user_id }: { user_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    // It may be the caller's own.
    await step.askForRight();
    if ((await tx.user.count({ where: { id: user_id } })) === 0) throw new Refusal('user_not_found');
    await tx.apiKey.updateMany({ where: { userId: user_id, revokedAt: null }, data: { revokedAt: ctx.clock.now() } });
    const { id, key } = await insertUserKey(ctx, tx, user_id, { label: 'reset by the server admin' });
    await recordAudit(step, { action: 'user_key_reset', subjectId: user_id, after: { key_id: id } });
    return { key };
  });
}
