import type { Call } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { recordAudit } from '../../writing/record-audit.js';
import { insertUserKey } from '../../access/insert-user-key.js';

/** A new user with a first key. */
export async function createUser(ctx: Context, call: Call, input: { user_name?: string | undefined } = {}) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const user = { id: ctx.newId(), name: input.user_name ?? null, isServerAdmin: false, createdAt: ctx.clock.now() };
    await tx.user.create({ data: user, select: { id: true } });
    const { key } = await insertUserKey(ctx, tx, user.id, { label: 'first key' });
    await recordAudit(step, { action: 'user_created', subjectId: user.id, after: { name: user.name } });
    return { user_id: user.id, key };
  });
}
