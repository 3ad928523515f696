import type { Call, UserActor } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { Refusal } from '../../refusal.js';
import type { Membership } from './add-member.js';
import { lockMembers, requireAnOwnerLeft, requireOwnerFor } from '../../access/member-rules.js';

/** Throws a Refusal: `member_not_found`, `owner_required`, `last_owner`. */
export async function updateMember(ctx: Context, call: Call<UserActor>, { project_id, user_id, permission_level }: Membership) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await lockMembers(tx, project_id);
    await step.askForRight();
    const where = { projectId_userId: { projectId: project_id, userId: user_id } };
    const member = await tx.member.findUnique({ where });
    if (!member) throw new Refusal('member_not_found');
    await requireOwnerFor(tx, call.actor, project_id, [member.level, permission_level]);
    await tx.member.update({ where, data: { level: permission_level } });
    await requireAnOwnerLeft(tx, project_id);
    await recordAudit(step, {
      action: 'member_updated',
      projectId: project_id,
      subjectId: user_id,
      before: { permission_level: member.level },
      after: { permission_level },
    });
    step.signals.push(changed(project_id, 'member', user_id));
    return {};
  });
}
