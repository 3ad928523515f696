import { WeightedMeans } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { inOneBatch } from '../../reading/in-batches.js';
import { jobUpdates } from '../../reading/job-updates.js';
import type { PageRequest } from '../../reading/page.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from '../../reading/job-page.js';
import { fittingReports, jobReports } from '../../reading/read-reports.js';
import { requireExperiment } from '../../reading/experiment-row.js';

/**
 * What devices reported, job by job, newest first, with the mean of each metric; read as it is sent. Throws a Refusal
 * `experiment_not_found`.
 */
export async function experimentMetrics(ctx: Context, { project_id, experiment_id }: { project_id: string; experiment_id: string }, page: PageRequest) {
  await requireExperiment(ctx, project_id, experiment_id);
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId: experiment_id, ...jobsAfterCursor(page.cursor) },
    select: { id: true, sequence: true, kind: true, status: true, numDevices: true },
    orderBy: newestJobsFirst,
    take: page.limit + 1,
  });
  const fitting = await fittingReports(ctx, rows.slice(0, page.limit).map(({ id }) => id));
  const { data, next_cursor } = toJobPage(rows, fitting.numJobs, (row) => {
    const means = new WeightedMeans();
    return {
      job_id: row.id,
      sequence: row.sequence,
      kind: row.kind,
      status: row.status,
      num_devices: row.numDevices,
      devices: deviceReports(ctx, row.id, means),
      mean: () => means.means(),
      reports: jobReports(ctx, row.id, fitting),
    };
  });
  return { data: inOneBatch(data), next_cursor };
}

async function* deviceReports(ctx: Context, jobId: string, means: WeightedMeans) {
  for await (const batch of jobUpdates(ctx, jobId)) {
    for (const { numExamples, metrics } of batch) means.add({ weight: numExamples ?? 1, metrics });
    yield batch.map(({ deviceId, numExamples, metrics }) => ({ device_id: deviceId, num_examples: numExamples, metrics }));
  }
}
