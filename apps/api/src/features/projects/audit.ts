import type { Context } from '../../context.js';
import { auditPage, type AuditFilter } from '../../reading/audit.js';
import type { PageRequest } from '../../reading/page.js';

/** What was done to a project, to its members and to its devices. */
export const auditOfProject = async (ctx: Context, { project_id }: { project_id: string }, query: PageRequest & Omit<AuditFilter, 'project_id'>) =>
  auditPage(ctx, { ...query, project_id }, query);
