import { permissionLevels } from '@vergeai/contract';
import type { Call, UserActor } from '../../access/actor.js';
import { takeStep } from '../../writing/take-step.js';
import type { Context } from '../../context.js';
import { recordAudit } from '../../writing/record-audit.js';

export interface CreateProject {
  readonly project_name: string;
  readonly project_description?: string | undefined;
}

/** A new project; the caller becomes its owner. */
export async function createProject(ctx: Context, call: Call<UserActor>, input: CreateProject) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const id = ctx.newId();
    const createdAt = ctx.clock.now();
    await tx.project.create({
      data: {
        id,
        name: input.project_name,
        description: input.project_description ?? null,
        createdAt,
        members: { create: { userId: call.actor.userId, level: permissionLevels.OWNER, createdAt } },
      },
      select: { id: true },
    });
    await recordAudit(step, { action: 'project_created', projectId: id, after: { name: input.project_name } });
    return { project_id: id };
  });
}
