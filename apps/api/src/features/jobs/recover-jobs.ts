import type { Context } from '../../context.js';
import { takeStep } from '../../step.js';
import { lockExperiment } from './lock-experiment.js';
import { startNextJob } from './start-next-job.js';

/**
 * Puts right, at start, what should not be but would be stuck for ever: a job being aggregated without a task, and a
 * queue with nobody at its head. Every move is one transaction, so neither happens by a crash; a restored backup or a
 * hand in the database may bring it about.
 */
export async function recoverJobs(ctx: Context): Promise<void> {
  const aggregating = await ctx.db.prisma.job.findMany({ where: { status: 'AGGREGATION_IN_PROGRESS' }, select: { id: true } });
  for (const { id } of aggregating) await takeStep(ctx, undefined, ({ tx }) => ctx.tasks.add(tx, 'aggregate', id, { jobId: id }));
  const waiting = await ctx.db.prisma.experiment.findMany({
    where: { jobs: { some: { status: 'INITIALIZED' }, none: { status: { in: ['IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'] } } } },
    select: { id: true, projectId: true },
  });
  for (const experiment of waiting) {
    await takeStep(ctx, undefined, async (step) => {
      await lockExperiment(step, experiment.projectId, experiment.id);
      await startNextJob(step, experiment.id);
    });
  }
}
