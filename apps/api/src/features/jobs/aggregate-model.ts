import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { downloadLink } from '../../models/download-link.js';
import { getJobRow } from '../../reading/job-row.js';
import { noModelOf } from '../../reading/no-model-of.js';

/** A signed link to what a job made. Throws a Refusal `job_not_found` or `job_not_complete`. */
export async function aggregateModelLink(ctx: Context, call: Call, { project_id, job_id }: { project_id: string; job_id: string }) {
  const { kind, aggregateModel } = await getJobRow(ctx.db.prisma, project_id, job_id);
  if (!aggregateModel) throw noModelOf(kind);
  return downloadLink(ctx, call, aggregateModel);
}
