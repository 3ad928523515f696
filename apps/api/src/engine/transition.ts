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
export const transitionTo = (jobId: string, ...move: Move): HotStatement => statementOf(moving(...move).where('id', '=', jobId));

const moving = (...[to, changes]: Move) =>
  build
    .updateTable('Job')
    .set((job) => ({ ...changes, status: to, version: job('version', '+', 1) }))
    .where('status', 'in', sourcesOf(to));
/** The same for all of these, or none. */
const moveAll = (jobIds: readonly string[], ...move: Move): HotStatement => statementOf(moving(...move).where('id', 'in', jobIds), jobIds.length);

export const transitionEvent = (jobId: string, ...[to, changes]: Move): NewEvent =>
  to === JobStatus.CANCELLED || to === JobStatus.FAILED
    ? { type: eventOf(to), jobId, data: { reason: changes.reason } }
    : { type: eventOf(to), jobId, data: {} };

/** `COMPLETED` → `job_completed` */
const eventOf = <S extends JobStatus>(status: S) => `job_${status.toLowerCase()}` as `job_${Lowercase<S>}`;

/** Fewer than a statement takes values. */
const MOVED_AT_ONCE = 1000;

/** Cancels jobs in line, all of one experiment. The caller holds its row and has read them since, so that nobody else moves them. */
export async function cancelWaiting(step: Step, experimentId: string, jobs: ReadonlyArray<{ readonly id: string }>, reason: string): Promise<void> {
  const move = [JobStatus.CANCELLED, { endedAt: step.ctx.clock.now(), reason, billableSize: 0n }] as const;
  for (let at = 0; at < jobs.length; at += MOVED_AT_ONCE) await step.ctx.db.run(step.tx, moveAll(jobs.slice(at, at + MOVED_AT_ONCE).map(({ id }) => id), ...move));
  for (const { id } of jobs) recordEvent(step, experimentId, transitionEvent(id, ...move));
}

/** Changes a job's status within a step. Gives false, having changed nothing, when somebody else was quicker. */
export async function transition(step: Step, job: { readonly id: string; readonly experimentId: string }, ...move: Move): Promise<boolean> {
  // Nothing leads back to where a job begins.
  if (sourcesOf(move[0]).length === 0) return false;
  if ((await step.ctx.db.run(step.tx, transitionTo(job.id, ...move))) === 0) return false;
  recordEvent(step, job.experimentId, transitionEvent(job.id, ...move));
  return true;
}
