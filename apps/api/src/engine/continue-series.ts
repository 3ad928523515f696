import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { takeStep } from '../writing/take-step.js';
import type { Task } from '../tasks/task-queue.js';
import { lockExperiment } from './lock-experiment.js';
import { startNextJob } from './start-next-job.js';

/** Goes on where a step that had to fail many jobs in a row left off. */
export async function continueSeries(ctx: Context, task: Task<'continue_series'>): Promise<void> {
  const { projectId, experimentId } = task.payload;
  try {
    await takeStep(ctx, undefined, async (step) => {
      await lockExperiment(step, projectId, experimentId);
      await task.finish(step.tx);
      await startNextJob(step, experimentId);
    });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'experiment_not_found')) throw error;
    await takeStep(ctx, undefined, ({ tx }) => task.finish(tx));
  }
}
