import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { startNextJob } from '../../engine/start-next-job.js';
import { recordEvent } from '../../writing/record-event.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * Lets jobs of a paused experiment start again, the first in line at once. Resuming one that is not paused changes nothing and
 * writes nothing down. Throws a Refusal `experiment_not_found`.
 */
export async function resumeExperiment(ctx: Context, call: Call, { project_id, experiment_id }: { project_id: string; experiment_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { pausedAt } = await lockExperiment(step, project_id, experiment_id);
    if (pausedAt) {
      await step.tx.experiment.updateMany({ where: { id: experiment_id, pausedAt }, data: { pausedAt: null } });
      recordEvent(step, experiment_id, { type: 'experiment_resumed', data: {} });
      await startNextJob(step, experiment_id);
    }
    return { paused_at: null };
  });
}
