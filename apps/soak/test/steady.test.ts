import { describe, expect, it } from 'vitest';
import { growth } from '../src/run/steady.js';
import { expectSound, sum } from './helpers.js';

describe('a steady load', () => {
  it('keeps every promise while projects come and go, and tells its memory', async () => {
    const result = await expectSound('ten seconds at a steady load', { steady: 1 / 6, lanes: 1 });
    expect(result.rounds[0]!.memory).toHaveLength(1);
    expect(result.rounds[0]!.memory[0]).toBeGreaterThan(50);
    expect(sum(result, ({ counts }) => counts['done device.submit_model_update'] ?? 0)).toBeGreaterThan(20);
  });

  it('takes memory for grown that goes on rising after the warm-up, and not what only goes up and down', () => {
    expect(growth([150, 180, 200, 202, 198, 204, 199, 201])).toBeUndefined();
    expect(growth([150, 180, 200, 210, 220, 230, 240, 250])).toEqual({ from: 210, to: 250 });
    expect(growth([100, 200, 300])).toBeUndefined();
  });
});
