import type { AuditEvent } from '@vergeai/db';
import type { Context } from '../context.js';
import { badCursor, toGrowingPage, readCursor, type PageRequest } from './page.js';
import { timestamp } from './times.js';

/** Which entries somebody wants to see. */
export interface AuditFilter {
  readonly project_id?: string | undefined;
  /** A user or a device. */
  readonly by?: string | undefined;
  readonly action?: string | undefined;
}

/** The audit log, newest first. A config of a device may stand in an entry, so they are read as they are sent. */
export function auditPage(ctx: Context, filter: AuditFilter, query: PageRequest) {
  const where = {
    ...(filter.project_id !== undefined && { projectId: filter.project_id }),
    ...(filter.by !== undefined && { actorId: filter.by }),
    ...(filter.action !== undefined && { action: filter.action }),
  };
  // Before anything is sent: a cursor that is none is refused.
  if (query.cursor !== undefined) numberOf(query.cursor);
  const read = (cursor: string | undefined, take: number) =>
    ctx.db.prisma.auditEvent.findMany({
      where: { ...where, ...(cursor !== undefined && { id: { lt: numberOf(cursor) } }) },
      orderBy: { id: 'desc' },
      take,
    });
  return toGrowingPage(query, ({ id, createdAt }: AuditEvent) => ({ createdAt, id: String(id) }), present, read);
}

/** Entries are numbered in the order in which they were written. */
function numberOf(cursor: string): number {
  const number = Number(readCursor(cursor).id);
  // More than any entry has, or no number: PostgreSQL would refuse to compare with it.
  if (!Number.isInteger(number) || number > 2 ** 31 - 1) throw badCursor();
  return number;
}

const present = (row: AuditEvent) => ({
  entry_id: row.id,
  action: row.action,
  project_id: row.projectId,
  subject_id: row.subjectId,
  actor_id: row.actorId,
  key_id: row.keyId,
  before: factsIn(row.before),
  after: factsIn(row.after),
  created_at: timestamp(row.createdAt),
});

const factsIn = (text: string | null) => (text === null ? null : (JSON.parse(text) as Record<string, unknown>));
