import { build, statementOf, type HotStatement } from '@vergeai/db';
import { sourcesOf, type JobStatus } from '@vergeai/domain';
import type { NewEvent } from '../writing/new-event.js';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';

/** What may change of a job together with its status. */
export interface JobChanges {
  readonly startModelId?: string;
  readonly startedAt?: Date;
  readonly deadlineAt?: Date | null;
  readonly aggregateModelId?: string;
  readonly endedAt?: Date;
  readonly billableSize?: bigint;
  readonly reason?: string;
}

/**
 * The one statement that changes a job's status: only if it is still one from which the table of transitions leads to
 * `to`. It belongs together with the event of `transitionEvent`.
 */
export const transitionTo = (to: JobStatus, jobId: string, changes: JobChanges = {}): HotStatement =>
  statementOf(
    build
      .updateTable('Job')
      .set((job) => ({ ...changes, status: to, version: job('version', '+', 1) }))
      .where('id', '=', jobId)
      .where('status', 'in', sourcesOf(to)),
  );

export const transitionEvent = (to: JobStatus, jobId: string, reason?: string): NewEvent => ({
  type: `job_${to.toLowerCase()}`,
  jobId,
  data: reason === undefined ? {} : { reason },
});

/** Changes a job's status within a step. Gives false, having changed nothing, when somebody else was quicker. */
export async function transition(
  step: Step,
  job: { readonly id: string; readonly experimentId: string },
  to: JobStatus,
  changes: JobChanges = {},
): Promise<boolean> {
  // Nothing leads back to where a job begins.
  if (sourcesOf(to).length === 0) return false;
  if ((await step.ctx.db.run(step.tx, transitionTo(to, job.id, changes))) === 0) return false;
  recordEvent(step, job.experimentId, transitionEvent(to, job.id, changes.reason));
  return true;
}
