import { billableSize, JobStatus, summarise } from '@vergeai/domain';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { Task } from '../tasks/task-queue.js';
import { takeStep } from '../writing/take-step.js';
import { lockExperiment } from './lock-experiment.js';
import { startNextJob } from './start-next-job.js';
import { transition } from './transition.js';

interface JobToComplete {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly startModel: { readonly size: bigint } | null;
  readonly updates: ReadonlyArray<{ readonly numExamples: number | null; readonly metrics: string; readonly model: { readonly size: bigint } | null }>;
}

/**
 * Keeps the means of a frozen set of evaluations and starts the next job, from the same model: one transaction. No model is made, and
 * neither the best model nor the metrics by which experiments are sorted change: those are of trainings. Throws a Refusal `job_closed`
 * when the job has ended meanwhile.
 */
export async function completeEvaluation(ctx: Context, task: Task<'aggregate'>, job: JobToComplete): Promise<void> {
  const summary = summarise(job.updates.map(({ numExamples, metrics }) => ({ numExamples, metrics: JSON.parse(metrics) as Record<string, number> })));
  await takeStep(ctx, undefined, async (step) => {
    await lockExperiment(step, job.projectId, job.experimentId);
    await task.finish(step.tx);
    const completed = await transition(step, job, JobStatus.COMPLETED, { endedAt: ctx.clock.now(), billableSize: billableSize(job), summary: JSON.stringify(summary) });
    if (!completed) throw new Refusal('job_closed');
    await startNextJob(step, job.experimentId);
  });
}
