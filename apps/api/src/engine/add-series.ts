import type { StopRule } from '@vergeai/domain';
import type { JobSettings } from '../models/job-settings.js';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { insertJobs, type GetsJobs } from './insert-jobs.js';

/** A rule as it is asked for. */
export type StopRequest = Pick<StopRule, 'metric' | 'mode' | 'min_delta'> & { readonly patience?: number | undefined; readonly threshold?: number | undefined };

/** The same as it is kept; null: none. */
export const stopRule = (request: StopRequest | undefined): StopRule | null =>
  request ? { ...request, patience: request.patience ?? null, threshold: request.threshold ?? null } : null;

interface Series {
  readonly series_id: string;
  /** In their order. */
  readonly job_ids: string[];
}

/**
 * Gives each of these experiments of one project a series of `count` jobs with one configuration, and the rule by which the rest of it is cancelled.
 * Starting the first job is left to the caller, who holds their rows. Refuses what `insertJobs` does.
 */
export async function addSeries(step: Step, experiments: ReadonlyArray<Omit<GetsJobs, 'seriesId'>>, settings: JobSettings, { count, stopWhen }: { readonly count: number; readonly stopWhen: StopRule | null }): Promise<Series[]> {
  const { ctx, tx } = step;
  const inSeries = experiments.map((experiment) => ({ ...experiment, seriesId: ctx.newId() }));
  for (const { id, seriesId } of inSeries) recordEvent(step, id, { type: 'series_created', data: { series_id: seriesId, num_jobs: count, stop_when: stopWhen } });
  const jobs = await insertJobs(step, inSeries, settings, { count });
  await tx.jobSeries.createMany({
    data: inSeries.map(({ id, seriesId }) => ({ id: seriesId, experimentId: id, numJobs: count, stopWhen: stopWhen && JSON.stringify(stopWhen), createdAt: ctx.clock.now() })),
  });
  return inSeries.map(({ seriesId }, at) => ({ series_id: seriesId, job_ids: jobs[at]! }));
}
