import { describe, expect, it } from 'vitest';
import { expectSound, sum } from './helpers.js';

describe.each(['sqlite', 'postgresql'] as const)('64 creators, cancellers and submitters at once on %s', (database) => {
  it('never make two live jobs, lose nothing and leave nothing stuck in 40 rounds', async () => {
    const result = await expectSound(`races on ${database}`, { races: 40, database, lanes: 1 });
    expect(sum(result, ({ counts }) => counts['done device.submit_model_update'] ?? 0)).toBeGreaterThan(20);
  });
});

describe('requests made from the server’s own description, sound and spoiled', () => {
  it('bring about no server error in 2,000', async () => {
    await expectSound('2,000 fuzzed requests', { fuzz: 2000, lanes: 1 });
  });
});
