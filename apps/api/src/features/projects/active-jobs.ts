import { build, query } from '@vergeai/db';
import { liveStatuses } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { FIRST, inBatches, type Place } from '../../reading/in-batches.js';

const AT_ONCE = 1_000;

const activeAfter = query((after: { projectId: string; createdAt: Date; id: string }) =>
  build
    .selectFrom('Experiment as e')
    .innerJoin('Job as j', 'j.id', 'e.currentJobId')
    .select(['e.id', 'e.createdAt', 'e.currentJobId'])
    .where('e.projectId', '=', after.projectId)
    .where('e.isActive', '=', true)
    // In a paused one jobs may wait with none that runs.
    .where('j.status', 'in', liveStatuses)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('e.createdAt', 'e.id'), '>', tuple(after.createdAt, after.id)))
    .orderBy('e.createdAt')
    .orderBy('e.id')
    .limit(AT_ONCE));

/** The current job of every active experiment, oldest experiment first. */
export const activeJobs = async (ctx: Context, { project_id }: { project_id: string }) => ({ job_ids: activeJobIds(ctx, project_id) });

async function* activeJobIds(ctx: Context, projectId: string): AsyncGenerator<string[]> {
  const rows = inBatches<Place & { currentJobId: string | null }>(AT_ONCE, async (after) =>
    ctx.db.hot.all(activeAfter, { ...(after ?? FIRST), projectId }));
  for await (const batch of rows) yield batch.map(({ currentJobId }) => currentJobId!);
}
