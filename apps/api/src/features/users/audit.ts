import type { Context } from '../../context.js';
import { auditPage, type AuditFilter } from '../../reading/audit.js';
import type { PageRequest } from '../../reading/page.js';

/** What was done on this server, also in projects that are deleted by now. */
export const auditOfServer = async (ctx: Context, query: PageRequest & AuditFilter) => auditPage(ctx, query, query);
