import type { JobStatus } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { requireExperiment } from '../../reading/experiment-row.js';
import { jobFacts } from '../../reading/job-facts.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from '../../reading/job-page.js';
import type { PageRequest } from '../../reading/page.js';

/** The jobs of an experiment, newest first; their devices are counted as they are sent. Throws a Refusal `experiment_not_found`. */
export async function listJobs(
  ctx: Context,
  { project_id, experiment_id }: { project_id: string; experiment_id: string },
  query: PageRequest & { status?: JobStatus | undefined },
) {
  await requireExperiment(ctx, project_id, experiment_id);
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId: experiment_id, ...(query.status && { status: query.status }), ...jobsAfterCursor(query.cursor) },
    // They are not shown, and may be large.
    omit: { summary: true, aggregationReport: true },
    orderBy: newestJobsFirst,
    take: query.limit + 1,
  });
  const { data, next_cursor } = toJobPage(rows, query.limit, (row) => row);
  return { data: jobFacts(ctx, data), next_cursor };
}
