import { build, query, type RowOf } from '@vergeai/db';
import { WeightedMeans } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { inBatches, inOneBatch } from '../../reading/in-batches.js';
import type { PageRequest } from '../../reading/page.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from '../../reading/job-page.js';
import { readReports } from '../../reading/read-reports.js';
import { requireExperiment } from '../../reading/experiment-row.js';

/** What one device reports may take 13 KB. */
const AT_ONCE = 100;

const updatesAfter = query((at: { jobId: string; deviceId: string }) =>
  build
    .selectFrom('JobUpdate')
    .select(['deviceId', 'numExamples', 'metrics'])
    .where('jobId', '=', at.jobId)
    .where('deviceId', '>', at.deviceId)
    .orderBy('deviceId')
    .limit(AT_ONCE));

/**
 * What devices reported, job by job, newest first, with the mean of each metric; read as it is sent. Throws a Refusal
 * `experiment_not_found`.
 */
export async function experimentMetrics(ctx: Context, { project_id, experiment_id }: { project_id: string; experiment_id: string }, page: PageRequest) {
  await requireExperiment(ctx, project_id, experiment_id);
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId: experiment_id, ...jobsAfterCursor(page.cursor) },
    orderBy: newestJobsFirst,
    take: page.limit + 1,
  });
  const { numJobs, ofJob } = await readReports(ctx, rows.slice(0, page.limit).map(({ id }) => id));
  const { data, next_cursor } = toJobPage(rows, numJobs, (row) => {
    const means = new WeightedMeans();
    return {
      job_id: row.id,
      sequence: row.sequence,
      status: row.status,
      devices: deviceReports(ctx, row.id, means),
      mean: () => means.means(),
      reports: [...(ofJob.get(row.id) ?? [])],
    };
  });
  return { data: inOneBatch(data), next_cursor };
}

async function* deviceReports(ctx: Context, jobId: string, means: WeightedMeans) {
  const updates = inBatches(AT_ONCE, async (last: RowOf<typeof updatesAfter> | undefined) =>
    ctx.db.hot.all(updatesAfter, { jobId, deviceId: last?.deviceId ?? '' }));
  for await (const batch of updates) {
    const reports = batch.map(({ deviceId, numExamples, metrics }) => ({
      device_id: deviceId,
      num_examples: numExamples,
      metrics: JSON.parse(metrics) as Record<string, number>,
    }));
    for (const { num_examples, metrics } of reports) means.add({ weight: num_examples ?? 1, metrics });
    yield reports;
  }
}
