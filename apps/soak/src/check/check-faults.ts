import type { Check } from './evidence.js';

export const checkFaults: Check = {
  promise: 'No 5xx but 503 and 507, no unasked exit, nothing that the load itself found wrong, and a sound database',
  *run({ journal, databaseFaults }) {
    yield* databaseFaults;
    for (const entry of journal) {
      if (entry.what === 'wrong') yield `The load saw: ${entry.sentence}.`;
      if (entry.what === 'unasked_exit') yield `The server (pid ${entry.pid}) ended unasked with ${entry.code}: ${entry.output.replaceAll('\n', ' | ')}`;
    }
  },
};
