import type { Context } from '../../context.js';
import { getJobRow } from '../../reading/job-row.js';
import { presentGrowingJob } from '../../reading/present-job.js';

/** A job with its devices and their models, which are read as they are sent. Throws a Refusal `job_not_found`. */
export async function getJob(ctx: Context, input: { project_id: string; job_id: string }) {
  return presentGrowingJob(ctx, await getJobRow(ctx.db.prisma, input.project_id, input.job_id));
}
