import type { Call } from '../../access/actor.js';
import { lockMembers } from '../../access/member-rules.js';
import type { Context } from '../../context.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

export interface UpdateProject {
  readonly project_id: string;
  readonly project_name?: string | undefined;
  readonly project_description?: string | null | undefined;
}

/** What is left out stays. Throws a Refusal `project_not_found`. */
export async function updateProject(ctx: Context, call: Call, { project_id, project_name: name, project_description: description }: UpdateProject) {
  const changes = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    // So that what the record says was there before is what was changed.
    await lockMembers(tx, project_id);
    const before = await tx.project.findUniqueOrThrow({ where: { id: project_id }, select: { name: true, description: true } });
    await tx.project.updateMany({ where: { id: project_id }, data: changes });
    await recordAudit(step, { action: 'project_updated', projectId: project_id, before, after: { ...before, ...changes } });
    step.signals.push(changed(project_id, 'project'));
    return {};
  });
}
