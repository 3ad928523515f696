import type { Call } from '../../access/actor.js';
import { commit } from '../../writing/commit.js';
import type { Context } from '../../context.js';
import { recordAudit } from '../../writing/record-audit.js';
import { insertUserKey } from '../auth/create.js';

/** A new user with a first key. */
export async function createUser(ctx: Context, call: Call, input: { user_name?: string | undefined } = {}) {
  return commit(ctx, call, async (tx) => {
    const user = { id: ctx.newId(), name: input.user_name ?? null, isServerAdmin: false, createdAt: ctx.clock.now() };
    await tx.user.create({ data: user, select: { id: true } });
    const { key } = await insertUserKey(ctx, tx, user.id, { label: 'first key' });
    await recordAudit(ctx, tx, call, { action: 'user_created', subjectId: user.id, after: { name: user.name } });
    return { user_id: user.id, key };
  });
}
