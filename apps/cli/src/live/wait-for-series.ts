import type { Context } from '../context/context.js';
import { waitForJob } from './wait-for-job.js';

interface Series {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly series_id: string;
  readonly job_ids: readonly string[];
}

/**
 * Waits until jobs that run one after another are COMPLETED, so whichever ends badly is met first. One that was cancelled because
 * its series had been stopped by its rule has not: gives why it was; undefined when all are completed.
 * @throws JobFailed, JobCancelled, WaitedLongEnough
 */
export async function waitForSeries(context: Context, { project_id, experiment_id, series_id, job_ids }: Series): Promise<string | undefined> {
  for (const [index, job_id] of job_ids.entries()) {
    try {
      await waitForJob(context, { project_id, job_id }, `job ${index + 1} of ${job_ids.length}`);
    } catch (error) {
      const { series } = (await context.client.Experiment.describe({ project_id, experiment_id, limit: 1 }, context.call)).body;
      const stopped = series.find((one) => one.series_id === series_id)?.stopped;
      if (!stopped) throw error;
      const { status } = (await context.client.Job.get({ project_id, job_id }, context.call)).body;
      if (status !== 'CANCELLED') throw error;
      return stopped.reason;
    }
  }
  return undefined;
}
