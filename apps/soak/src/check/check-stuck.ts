import { isEnd } from '../wire/job-ends.js';
import type { Check } from './evidence.js';

export const checkStuck: Check = {
  promise: 'Nothing is stuck 10 s after a fault ends',
  *run({ tables, journal, eventsOf, patienceMs }) {
    const calm = journal.find(({ what }) => what === 'calm')?.at;
    if (calm === undefined) return;
    for (const { id, status } of tables.Job) if (!['COMPLETED', 'CANCELLED', 'FAILED'].includes(status)) yield `Job ${id} is still ${status} though everything has come to rest.`;
    for (const { id, kind, finishedAt, lastError } of tables.Task) if (finishedAt === null) yield `Task ${id} (${kind}) was never finished${lastError ? `: ${lastError}` : ''}.`;
    // From the last fault on, an experiment with jobs to do takes a step at least every ten seconds.
    for (const [experiment, events] of eventsOf) {
      let before = calm;
      let jobs = 0;
      for (const { createdAt, sequence, type } of events) {
        const waiting = jobs > 0;
        if (type === 'job_initialized') jobs++;
        if (isEnd(type)) jobs--;
        if (createdAt <= calm) continue;
        if (waiting && createdAt - before > patienceMs) yield `Experiment ${experiment} stood still for ${((createdAt - before) / 1000).toFixed(1)} s before event ${sequence} (${type}), with no fault to blame.`;
        before = createdAt;
      }
    }
  },
};
