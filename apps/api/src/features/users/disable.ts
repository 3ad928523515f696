import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

/** Shuts a user out. Again: nothing changes. Throws a Refusal `user_not_found`, or `server_admin_stays`. */
export async function disableUser(ctx: Context, call: Call, { user_id }: { user_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const { count } = await tx.user.updateMany({ where: { id: user_id, isServerAdmin: false, disabledAt: null }, data: { disabledAt: ctx.clock.now() } });
    if (count === 1) {
      // Keys are as they were when the user is enabled again; a session is over.
      await tx.session.deleteMany({ where: { key: { userId: user_id } } });
      await recordAudit(step, { action: 'user_disabled', subjectId: user_id });
      return {};
    }
    const user = await tx.user.findUnique({ where: { id: user_id }, select: { isServerAdmin: true } });
    if (!user) throw new Refusal('user_not_found');
    if (user.isServerAdmin) throw new Refusal('server_admin_stays');
    return {};
  });
}
