import { isEnd } from '../wire/job-ends.js';
import type { Check } from './evidence.js';

export const checkStuck: Check = {
  promise: 'Nothing is stuck 10 s after a fault ends',
  *run({ tables, journal, eventsOf, whenOf, patienceMs }) {
    const calm = journal.find(({ what }) => what === 'calm')?.at;
    if (calm === undefined) return;
    for (const { id, status } of tables.Job) if (!['COMPLETED', 'CANCELLED', 'FAILED'].includes(status)) yield `Job ${id} is still ${status} though everything has come to rest.`;
    for (const { id, kind, finishedAt, lastError } of tables.Task) if (finishedAt === null) yield `Task ${id} (${kind}) was never finished${lastError ? `: ${lastError}` : ''}.`;
    // From the last fault on, an experiment with jobs to do takes a step at least every ten seconds.
    for (const [experiment, events] of eventsOf) {
      let before = calm;
      let jobs = 0;
      for (const event of events) {
        const { sequence, type } = event;
        const at = whenOf(event);
        const waiting = jobs > 0;
        if (type === 'job_initialized') jobs++;
        if (isEnd(type)) jobs--;
        if (at <= calm) continue;
        if (waiting && at - before > patienceMs) yield `Experiment ${experiment} stood still for ${((at - before) / 1000).toFixed(1)} s before event ${sequence} (${type}), with no fault to blame.`;
        before = at;
      }
    }
  },
};
