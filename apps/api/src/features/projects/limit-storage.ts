import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { presentStorage } from '../../reading/present-storage.js';
import { holdStorage, storageOfRow } from '../../models/project-storage.js';
import { Refusal } from '../../refusal.js';
import { changed } from '../../signals/changed.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

export interface LimitStorage {
  readonly project_id: string;
  /** null: the server's setting holds. */
  readonly max_bytes: number | null;
}

/** Sets how many bytes of models a project may keep. What it keeps stays, also when it is more. Throws a Refusal `project_not_found`. */
export async function limitStorage(ctx: Context, call: Call, { project_id, max_bytes }: LimitStorage) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await ctx.db.run(tx, holdStorage({ projectId: project_id }));
    const before = await tx.project.findUnique({ where: { id: project_id }, select: { storedBytes: true, maxBytes: true } });
    if (!before) throw new Refusal('project_not_found');
    const maxBytes = max_bytes === null ? null : BigInt(max_bytes);
    await tx.project.updateMany({ where: { id: project_id }, data: { maxBytes } });
    await recordAudit(step, {
      action: 'storage_limited',
      projectId: project_id,
      before: { max_bytes: before.maxBytes === null ? null : Number(before.maxBytes) },
      after: { max_bytes },
    });
    step.signals.push(changed(project_id, 'project'));
    return presentStorage(storageOfRow(ctx, { ...before, maxBytes }));
  });
}
