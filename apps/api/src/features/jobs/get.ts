import type { Job } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import type { Context } from '../../context.js';
import { Turns } from '../../models/turns.js';
import { getJobRow } from '../../reading/job-row.js';
import { presentJob } from '../../reading/present-job.js';

/** A job of more devices than this takes megabytes while it is read. */
const MANY_DEVICES = 1_000;

/** Such jobs are read one after another. */
const oneAfterAnother = new Turns(1);

const sizeOfJob = query((at: { projectId: string; jobId: string }) =>
  build.selectFrom('Job').select(['numDevices', 'numBufferDevices']).where('id', '=', at.jobId).where('projectId', '=', at.projectId));

export async function getJob(ctx: Context, input: { project_id: string; job_id: string }): Promise<Job> {
  const size = await ctx.db.hot.get(sizeOfJob, { projectId: input.project_id, jobId: input.job_id });
  const read = async () => presentJob(await getJobRow(ctx.db.prisma, input.project_id, input.job_id));
  return size && size.numDevices + size.numBufferDevices > MANY_DEVICES ? oneAfterAnother.take(read) : read();
}
