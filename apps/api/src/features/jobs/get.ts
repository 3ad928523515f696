import type { Job } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { getJobRow } from '../../reading/job-row.js';
import { presentJob } from '../../reading/present-job.js';

export async function getJob(ctx: Context, input: { project_id: string; job_id: string }): Promise<Job> {
  return presentJob(await getJobRow(ctx.db.prisma, input.project_id, input.job_id));
}
