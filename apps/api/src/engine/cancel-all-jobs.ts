import { JobStatus, liveStatuses } from '@vergeai/domain';
import type { Step } from '../writing/step.js';
import { endJob } from './end-job.js';
import { startNextJob } from './start-next-job.js';
import { cancelWaiting } from './transition.js';

/** Cancels every job of an experiment that has not ended, and gives their number. The caller holds the experiment's row. */
export async function cancelAllJobs(step: Step, experimentId: string, reason: string): Promise<number> {
  const { tx } = step;
  const jobs = (status: readonly JobStatus[]) => tx.job.findMany({ where: { experimentId, status: { in: [...status] } }, select: { id: true }, orderBy: { sequence: 'asc' } });
  // Those in line first: the end of the one that runs would start the next.
  const waiting = await jobs([JobStatus.INITIALIZED]);
  await cancelWaiting(step, experimentId, waiting, reason);
  const live = await jobs(liveStatuses);
  for (const { id } of live) await endJob(step, id, JobStatus.CANCELLED, reason);
  // Where none runs, because it is paused, nobody else has it rest.
  if (live.length === 0) await startNextJob(step, experimentId);
  return waiting.length + live.length;
}
