import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { testSeed } from '@vergeai/testkit';
import { endOfLog } from '../src/follow/end-of-log.js';
import type { Experiments } from '../src/index.js';

/** A log of so many events, which grows by one every so many reads. */
function logOf(length: number, growth: number) {
  let reads = 0;
  const events = async ({ after = 0, limit = 50 }: { after?: number; limit?: number }) => {
    reads++;
    if (growth > 0 && reads % growth === 0) length++;
    const data = Array.from({ length: Math.max(0, Math.min(limit, length - after)) }, (_, at) => ({ sequence: after + at + 1 }));
    return { statusCode: 200, body: { data, next_after: after + data.length < length ? after + data.length : null } };
  };
  return { experiments: { events } as unknown as Experiments, reads: () => reads, length: () => length };
}

it('the last events of a log are found in a few reads, however long it is and while it grows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.nat(500), fc.nat(1_000_000)), fc.nat(5), async (length, growth) => {
      const log = logOf(length, growth === 1 ? 0 : growth);
      const last = await endOfLog(log.experiments, { project_id: 'p', experiment_id: 'e' }, {});
      expect(last.length).toBeLessThanOrEqual(200);
      expect(last.at(-1)?.sequence ?? 0).toBe(log.length());
    }),
    { seed: testSeed('logs') },
  );
  const short = logOf(200, 0);
  await endOfLog(short.experiments, { project_id: 'p', experiment_id: 'e' }, {});
  expect(short.reads()).toBe(1);
});
