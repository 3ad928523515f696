import type { Call, UserActor } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { recordAudit } from '../../writing/record-audit.js';
import { Refusal } from '../../refusal.js';

/** Revokes one of the caller's keys. Revoking it again changes nothing. Throws a Refusal `key_not_found`. */
export async function revokeKey(ctx: Context, call: Call<UserActor>, { key_id }: { key_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await step.askForRight();
    const mine = { id: key_id, userId: call.actor.userId };
    const { count } = await tx.apiKey.updateMany({ where: { ...mine, revokedAt: null }, data: { revokedAt: ctx.clock.now() } });
    if (count === 1) await recordAudit(step, { action: 'key_revoked', subjectId: key_id });
    else if (!(await tx.apiKey.findFirst({ where: mine, select: { id: true } }))) throw new Refusal('key_not_found');
    return {};
  }, { makesRoom: true });
}
