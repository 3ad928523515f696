import { actorId } from '../access/actor.js';
import type { Step } from './step.js';

export interface AuditRecord {
  readonly action: string;
  readonly projectId?: string;
  readonly subjectId?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Who did what to projects, members and keys; written with the deed, in one transaction. */
export async function recordAudit({ ctx, tx, call }: Step, record: AuditRecord): Promise<void> {
  await tx.auditEvent.create({
    data: {
      action: record.action,
      projectId: record.projectId ?? null,
      subjectId: record.subjectId ?? null,
      actorId: call ? actorId(call.actor) : null,
      keyId: call?.actor.keyId ?? null,
      before: record.before === undefined ? null : JSON.stringify(record.before),
      after: record.after === undefined ? null : JSON.stringify(record.after),
      createdAt: ctx.clock.now(),
    },
  });
}
