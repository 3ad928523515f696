import type { PermissionLevel } from '@vergeai/contract';
import type { Call, UserActor } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { Refusal } from '../../refusal.js';
import { lockMembers, requireOwnerFor } from '../../access/member-rules.js';

export interface Membership {
  readonly project_id: string;
  readonly user_id: string;
  readonly permission_level: PermissionLevel;
}

/** Throws a Refusal: `user_not_found`, `already_member`, `owner_required`. */
export async function addMember(ctx: Context, call: Call<UserActor>, { project_id, user_id, permission_level }: Membership) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await lockMembers(tx, project_id);
    await requireOwnerFor(tx, call.actor, project_id, [permission_level]);
    if (!(await tx.user.findUnique({ where: { id: user_id }, select: { id: true } }))) throw new Refusal('user_not_found');
    const key = { projectId: project_id, userId: user_id };
    if (await tx.member.findUnique({ where: { projectId_userId: key } })) throw new Refusal('already_member');
    await tx.member.create({ data: { ...key, level: permission_level, createdAt: ctx.clock.now() } });
    await recordAudit(step, { action: 'member_added', projectId: project_id, subjectId: user_id, after: { permission_level } });
    step.signals.push(changed(project_id, 'member', user_id));
    return {};
  });
}
