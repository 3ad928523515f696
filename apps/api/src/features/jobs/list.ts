import type { JobStatus } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { findWaiting } from '../../reading/find-waiting.js';
import type { PageRequest } from '../../reading/page.js';
import { timestamp, timestampOrNull } from '../../reading/times.js';
import { requireExperiment } from '../../reading/experiment-row.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from '../../reading/job-page.js';

/** The jobs of an experiment, newest first. Throws a Refusal `experiment_not_found`. */
export async function listJobs(
  ctx: Context,
  { project_id, experiment_id }: { project_id: string; experiment_id: string },
  query: PageRequest & { status?: JobStatus | undefined },
) {
  await requireExperiment(ctx, project_id, experiment_id);
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId: experiment_id, ...(query.status && { status: query.status }), ...jobsAfterCursor(query.cursor) },
    orderBy: newestJobsFirst,
    take: query.limit + 1,
  });
  const waiting = await findWaiting(ctx, rows);
  return toJobPage(rows, query.limit, (row) => ({
    job_id: row.id,
    sequence: row.sequence,
    status: row.status,
    reason: row.reason,
    num_devices: row.numDevices,
    num_updates: row.updatesReceived,
    device_timeout_sec: row.deviceTimeoutSec,
    waiting_for: waiting.get(row.id) ?? null,
    created_at: timestamp(row.createdAt),
    started_at: timestampOrNull(row.startedAt),
    ended_at: timestampOrNull(row.endedAt),
  }));
}
