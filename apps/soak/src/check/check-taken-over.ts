import { isEnd } from '../wire/job-ends.js';
import type { Check, Evidence } from './evidence.js';

export const checkTakenOver: Check = {
  promise: 'An aggregation that a fault interrupts is taken over and ended within 30 s',
  *run({ journal, eventsOf, whenOf, patienceMs }) {
    const faults = journal.filter((entry) => entry.what === 'fault').filter(({ kind }) => kind !== 'clock set');
    for (const { job, from, to } of aggregations({ eventsOf, whenOf })) {
      const interruptions = faults.filter(({ at }) => from <= at && at <= to);
      const last = interruptions.at(-1);
      // Three times what a single step may take: for the lease of a dead server to lapse, and to do all its work again.
      if (last && to - last.at > 3 * patienceMs) yield `The aggregation of job ${job} was not taken over: it ended ${((to - last.at) / 1000).toFixed(1)} s after the ${last.kind} of pid ${last.pid}.`;
    }
  },
};

/** From when to when each aggregation lasted, by the events. */
function* aggregations({ eventsOf, whenOf }: Pick<Evidence, 'eventsOf' | 'whenOf'>): Iterable<{ job: string; from: number; to: number }> {
  for (const events of eventsOf.values()) {
    const begun = new Map<string, number>();
    for (const event of events) {
      const { type, jobId } = event;
      if (jobId === null) continue;
      if (type === 'job_aggregation_in_progress') begun.set(jobId, whenOf(event));
      const from = begun.get(jobId);
      if (from !== undefined && isEnd(type)) yield { job: jobId, from, to: whenOf(event) };
    }
  }
}
