import type { Check } from './evidence.js';

const PATIENCE_MS = 10_000;

export const checkStuck: Check = {
  promise: 'Nothing is stuck 10 s after a fault ends',
  *run({ tables, journal, eventsOf }) {
    for (const { id, status } of tables.Job) if (!['COMPLETED', 'CANCELLED', 'FAILED'].includes(status)) yield `Job ${id} is still ${status} though everything has come to rest.`;
    for (const { id, kind, finishedAt, lastError } of tables.Task) if (finishedAt === null) yield `Task ${id} (${kind}) was never finished${lastError ? `: ${lastError}` : ''}.`;
    const calm = journal.find(({ what }) => what === 'calm')?.at;
    if (calm === undefined) return;
    // From the last fault on, whoever has work left takes a step at least every ten seconds.
    for (const [experiment, events] of eventsOf) {
      const after = events.filter(({ createdAt }) => createdAt > calm);
      let before = calm;
      for (const { createdAt, sequence, type } of after) {
        if (createdAt - before > PATIENCE_MS) yield `Experiment ${experiment} stood still for ${((createdAt - before) / 1000).toFixed(1)} s before event ${sequence} (${type}), with no fault to blame.`;
        before = createdAt;
      }
    }
  },
};
