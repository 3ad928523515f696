import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { cancelAllJobs } from '../../engine/cancel-all-jobs.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { sweepStatus } from '../../reading/sweep-row.js';
import { Refusal } from '../../refusal.js';
import { takeStep } from '../../writing/take-step.js';

/**
 * Cancels the jobs of a sweep's members that have not ended, in one transaction. Where nothing is left to cancel nothing changes.
 * Throws a Refusal `sweep_not_found`.
 */
export async function cancelSweep(ctx: Context, call: Call, { project_id, sweep_id }: { project_id: string; sweep_id: string }) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const sweep = await tx.sweep.findFirst({ where: { id: sweep_id, projectId: project_id } });
    if (!sweep) throw new Refusal('sweep_not_found');
    const active = await tx.sweepMember.findMany({ where: { sweepId: sweep_id, experiment: { isActive: true } }, select: { experimentId: true }, orderBy: { position: 'asc' } });
    if (active.length === 0) return { status: sweepStatus(sweep, false), num_cancelled: 0 };
    // All of them before the sweep's own row, as when one of them comes to rest.
    for (const { experimentId } of active) await lockExperiment(step, project_id, experimentId);
    const cancelledAt = ctx.clock.now();
    await tx.sweep.updateMany({ where: { id: sweep_id, cancelledAt: null }, data: { cancelledAt } });
    let cancelled = 0;
    for (const { experimentId } of active) cancelled += await cancelAllJobs(step, experimentId, 'its sweep was cancelled');
    return { status: sweepStatus({ cancelledAt }, false), num_cancelled: cancelled };
  }, { makesRoom: true });
}
