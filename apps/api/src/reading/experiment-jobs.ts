import { build, query } from '@vergeai/db';
import type { Context } from '../context.js';
import { JOBS_AT_ONCE, type ExperimentRow } from './experiment-row.js';
import { inBatches } from './in-batches.js';

const jobsAfter = query((at: { experimentId: string; after: number; before: number }) =>
  build
    .selectFrom('Job')
    .select(['id', 'sequence'])
    .where('experimentId', '=', at.experimentId)
    .where('sequence', '>', at.after)
    .where('sequence', '<', at.before)
    .orderBy('sequence')
    .limit(JOBS_AT_ONCE));

/** The ids of the jobs that were read with an experiment. */
export const firstJobs = ({ jobs }: ExperimentRow): string[] => (jobs ? jobs.split(',') : []);

/** Whether an experiment has more jobs than were read with it. */
export const hasMoreJobs = ({ nextJobSequence }: ExperimentRow): boolean => nextJobSequence > JOBS_AT_ONCE + 1;

/** The ids of all jobs that an experiment had when it was read, in their order. */
export async function* jobsInBatches(ctx: Context, row: ExperimentRow): AsyncGenerator<readonly string[]> {
  yield firstJobs(row);
  const rows = inBatches<{ id: string; sequence: number }>(JOBS_AT_ONCE, async (after = { id: '', sequence: JOBS_AT_ONCE }) =>
    ctx.db.hot.all(jobsAfter, { experimentId: row.id, after: after.sequence, before: row.nextJobSequence }));
  for await (const batch of rows) yield batch.map(({ id }) => id);
}

/** The experiment with all its jobs, for who has to show it at once. */
export async function withAllJobs(ctx: Context, row: ExperimentRow): Promise<ExperimentRow> {
  if (!hasMoreJobs(row)) return row;
  const ids: string[] = [];
  for await (const batch of jobsInBatches(ctx, row)) ids.push(...batch);
  return { ...row, jobs: ids.join(',') };
}
