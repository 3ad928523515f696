import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { timestamp } from '../../reading/times.js';
import { recordEvent } from '../../writing/record-event.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * Lets no further job of the experiment start. One that runs goes on to its end, and its aggregate becomes the current model.
 * Pausing a paused one changes nothing and writes nothing down. Throws a Refusal `experiment_not_found`.
 */
export async function pauseExperiment(ctx: Context, call: Call, { project_id, experiment_id, reason }: { project_id: string; experiment_id: string; reason?: string | undefined }) {
  return takeStep(ctx, call, async (step) => {
    const { pausedAt } = await lockExperiment(step, project_id, experiment_id);
    if (pausedAt) return { paused_at: timestamp(pausedAt) };
    const now = ctx.clock.now();
    await step.tx.experiment.updateMany({ where: { id: experiment_id, pausedAt: null }, data: { pausedAt: now } });
    recordEvent(step, experiment_id, { type: 'experiment_paused', data: { ...(reason !== undefined && { reason }) } });
    return { paused_at: timestamp(now) };
  });
}
