import type { Call } from '../../access/actor.js';
import { lockMembers } from '../../access/member-rules.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { Refusal } from '../../refusal.js';

/**
 * Deletes a project; its experiments, jobs, devices and their keys go in the same statement. Its blobs go next;
 * should the process die in between, the clean-up finds them without a row.
 */
export async function deleteProject(ctx: Context, call: Call, { project_id }: { project_id: string }) {
  const answer = await takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await lockMembers(tx, project_id);
    await step.askForRight();
    const project = await tx.project.findUnique({ where: { id: project_id }, select: { name: true } });
    const { count } = await tx.project.deleteMany({ where: { id: project_id } });
    if (count === 0) throw new Refusal('project_not_found');
    await recordAudit(step, { action: 'project_deleted', projectId: project_id, before: project });
    step.signals.push(changed(project_id, 'project'));
    return {};
  }, { makesRoom: true });
  await ctx.storage.removeFolder(project_id).catch((error: unknown) => ctx.log.warn({ err: error, project_id }, 'blobs are left to the clean-up'));
  return answer;
}
