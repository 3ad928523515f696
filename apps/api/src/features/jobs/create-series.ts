import type { StopRule } from '@vergeai/domain';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { addJobs, type JobConfiguration } from '../../engine/add-job.js';
import { recordEvent } from '../../writing/record-event.js';
import { takeStep } from '../../writing/take-step.js';

export interface CreateJobSeries extends JobConfiguration {
  readonly count: number;
  readonly stop_when?: (Pick<StopRule, 'metric' | 'mode' | 'min_delta'> & { readonly patience?: number | undefined; readonly threshold?: number | undefined }) | undefined;
}

/**
 * Adds several jobs with one configuration to the experiment's series, all of them or none, with the rule by which the rest of them
 * is cancelled. Throws a Refusal: `experiment_not_found`, `start_model_missing`, `not_enough_devices`, `unknown_devices`.
 */
export async function createJobSeries(ctx: Context, call: Call, { count, stop_when, ...input }: CreateJobSeries): Promise<{ series_id: string; job_ids: string[] }> {
  return takeStep(ctx, call, async (step) => {
    const series_id = ctx.newId();
    const rule: StopRule | null = stop_when ? { ...stop_when, patience: stop_when.patience ?? null, threshold: stop_when.threshold ?? null } : null;
    recordEvent(step, input.experiment_id, { type: 'series_created', data: { series_id, num_jobs: count, stop_when: rule } });
    const job_ids = await addJobs(step, input, count, undefined, series_id);
    await step.tx.jobSeries.create({
      data: { id: series_id, experimentId: input.experiment_id, numJobs: count, stopWhen: rule && JSON.stringify(rule), createdAt: ctx.clock.now() },
      select: { id: true },
    });
    return { series_id, job_ids };
  });
}
