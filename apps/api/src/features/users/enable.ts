import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

/** Lets a disabled user in again. Again: nothing changes. Throws a Refusal `user_not_found`. */
export async function enableUser(ctx: Context, call: Call, { user_id }: { user_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const { count } = await tx.user.updateMany({ where: { id: user_id, disabledAt: { not: null } }, data: { disabledAt: null } });
    if (count === 1) await recordAudit(step, { action: 'user_enabled', subjectId: user_id });
    else if ((await tx.user.count({ where: { id: user_id } })) === 0) throw new Refusal('user_not_found');
    return {};
  });
}
