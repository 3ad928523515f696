import type { Context } from '../context.js';
import { takeStep } from '../writing/take-step.js';
import type { Task } from '../tasks/task-queue.js';
import { startNextJob } from './start-next-job.js';
import { stepThrough } from './step-through.js';

/** Starts the first job of each member of a sweep that has been made. Those of which one runs, or which rest, stay as they are. */
export async function startSweep(ctx: Context, task: Task<'start_sweep'>): Promise<void> {
  const { projectId, sweepId } = task.payload;
  const members = await ctx.db.prisma.sweepMember.findMany({ where: { sweepId, experiment: { isActive: true } }, select: { experimentId: true }, orderBy: { position: 'asc' } });
  await stepThrough(ctx, members.map(({ experimentId }) => ({ projectId, experimentId })), (step, { experimentId }) => startNextJob(step, experimentId));
  await takeStep(ctx, undefined, ({ tx }) => task.finish(tx));
}
