import { build, query, type Prisma, type Transaction } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

const jobInclude = {
  include: { startModel: true, aggregateModel: true },
  // It is not shown, and may be large.
  omit: { summary: true, aggregationReport: true },
} as const satisfies Prisma.JobDefaultArgs;

/** What the documented Job is made of, but for its devices and what they submitted, of which there may be very many. */
export type JobRow = Prisma.JobGetPayload<typeof jobInclude>;

/** A job of a project. Throws a Refusal `job_not_found`. */
export async function getJobRow(reader: Context['db']['prisma'] | Transaction, projectId: string, jobId: string): Promise<JobRow> {
  const row = await reader.job.findFirst({ where: { id: jobId, projectId }, ...jobInclude });
  if (!row) throw new Refusal('job_not_found');
  return row;
}

const jobById = query((at: { projectId: string; jobId: string }) => build.selectFrom('Job').select('id').where('id', '=', at.jobId).where('projectId', '=', at.projectId));

/** Throws a Refusal `job_not_found` unless the project has such a job. */
export async function requireJob(ctx: Context, projectId: string, jobId: string): Promise<void> {
  if (!(await ctx.db.hot.get(jobById, { projectId, jobId }))) throw new Refusal('job_not_found');
}
