import { weightedMeans } from '@vergeai/domain';
import type { Context } from '../../context.js';
import type { PageRequest } from '../../reading/page.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from '../../reading/job-page.js';
import { readReports } from '../../reading/read-reports.js';
import { requireExperiment } from '../../reading/experiment-row.js';

/** What devices reported, job by job, newest first, with the mean of each metric. Throws a Refusal `experiment_not_found`. */
export async function experimentMetrics(ctx: Context, { project_id, experiment_id }: { project_id: string; experiment_id: string }, query: PageRequest) {
  await requireExperiment(ctx, project_id, experiment_id);
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId: experiment_id, ...jobsAfterCursor(query.cursor) },
    include: { updates: { orderBy: { deviceId: 'asc' } } },
    orderBy: newestJobsFirst,
    take: query.limit + 1,
  });
  const { numJobs, ofJob } = await readReports(ctx, rows.slice(0, query.limit).map(({ id }) => id));
  return toJobPage(rows, numJobs, (row) => {
    const reports = row.updates.map(({ deviceId, numExamples, metrics }) => ({
      device_id: deviceId,
      num_examples: numExamples,
      metrics: JSON.parse(metrics) as Record<string, number>,
    }));
    return {
      job_id: row.id,
      sequence: row.sequence,
      status: row.status,
      devices: reports,
      mean: weightedMeans(reports.map((report) => ({ weight: report.num_examples ?? 1, metrics: report.metrics }))),
      reports: [...(ofJob.get(row.id) ?? [])],
    };
  });
}
