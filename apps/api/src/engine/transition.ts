import { build, statementOf, type HotStatement } from '@vergeai/db';
import { JobStatus, sourcesOf } from '@vergeai/domain';
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
  readonly summary?: string;
  readonly aggregationReport?: string | null;
  readonly aggregationStartedAt?: Date;
}

/** Where a job goes. One that ends without a model says why. */
export type Move =
  | readonly [to: typeof JobStatus.IN_PROGRESS | typeof JobStatus.AGGREGATION_IN_PROGRESS | typeof JobStatus.COMPLETED, changes?: JobChanges]
  | readonly [to: typeof JobStatus.CANCELLED | typeof JobStatus.FAILED, changes: JobChanges & { readonly reason: string }];

/**
 * The one statement that changes a job's status: only if it is still one from which the table of transitions leads to
 * `to`. It belongs together with the event of `transitionEvent`.
 */
export const transitionTo = (jobId: string, ...[to, changes]: Move): HotStatement =>
  statementOf(
    build
      .updateTable('Job')
      .set((job) => ({ ...changes, status: to, version: job('version', '+', 1) }))
      .where('id', '=', jobId)
      .where('status', 'in', sourcesOf(to)),
  );

export const transitionEvent = (jobId: string, ...[to, changes]: Move): NewEvent =>
  to === JobStatus.CANCELLED || to === JobStatus.FAILED
    ? { type: eventOf(to), jobId, data: { reason: changes.reason } }
    : { type: eventOf(to), jobId, data: {} };

/** `COMPLETED` → `job_completed` */
const eventOf = <S extends JobStatus>(status: S) => `job_${status.toLowerCase()}` as `job_${Lowercase<S>}`;

/** Changes a job's status within a step. Gives false, having changed nothing, when somebody else was quicker. */
export async function transition(step: Step, job: { readonly id: string; readonly experimentId: string }, ...move: Move): Promise<boolean> {
  // Nothing leads back to where a job begins.
  if (sourcesOf(move[0]).length === 0) return false;
  if ((await step.ctx.db.run(step.tx, transitionTo(job.id, ...move))) === 0) return false;
  recordEvent(step, job.experimentId, transitionEvent(job.id, ...move));
  return true;
}
