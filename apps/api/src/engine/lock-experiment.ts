import { build, statement } from '@vergeai/db';
import { Refusal } from '../refusal.js';
import type { Step } from '../writing/step.js';

/**
 * Takes an experiment's row, which every move of the job engine does first: moves of one experiment take turns, in one
 * order of locks, and experiments do not wait for each other. Throws a Refusal `experiment_not_found`.
 */
export async function lockExperiment({ ctx, tx }: Step, projectId: string, experimentId: string) {
  const [experiment] = await tx.experiment.updateManyAndReturn({
    where: { id: experimentId, projectId },
    data: { version: { increment: 1 }, updatedAt: ctx.clock.now() },
  });
  if (!experiment) throw new Refusal('experiment_not_found');
  return experiment;
}

/** The same for the experiment of a job. Throws a Refusal `job_not_found`. */
export async function lockExperimentOfJob(step: Step, projectId: string, jobId: string) {
  const job = await step.tx.job.findFirst({ where: { id: jobId, projectId }, select: { experimentId: true } });
  if (!job) throw new Refusal('job_not_found');
  return lockExperiment(step, projectId, job.experimentId);
}

/** The same as the first statement of a known step, which also makes room in the log for so many events. */
export const moveOn = statement((at: { projectId: string; experimentId: string; now: Date; events: number }) =>
  build
    .updateTable('Experiment')
    .set((row) => ({ version: row('version', '+', 1), nextEventSequence: row('nextEventSequence', '+', at.events), updatedAt: at.now }))
    .where('id', '=', at.experimentId)
    .where('projectId', '=', at.projectId), 1);
