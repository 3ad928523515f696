import type { Context } from '../context.js';
import type { Step } from './step.js';

const ends = new Map<string, string>([
  ['job_completed', 'completed'],
  ['job_failed', 'failed'],
  ['job_cancelled', 'cancelled'],
]);

/** Counts the jobs that a step has ended, once it is committed. */
export function countEndedJobs({ meters }: Pick<Context, 'meters'>, events: Step['events']): void {
  for (const recorded of events.values()) {
    for (const { type } of recorded) {
      const how = ends.get(type);
      if (how !== undefined) meters.jobsEnded.inc({ how });
    }
  }
}
