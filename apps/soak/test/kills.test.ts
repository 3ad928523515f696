import { describe, expect, it } from 'vitest';
import { expectSound, sum } from './helpers.js';

describe('a server that is killed with -9 again and again, at random and at chosen moments of its work', () => {
  it('keeps every promise through 200 kills on SQLite', async () => {
    const result = await expectSound('200 kills on SQLite', { kills: 200 });
    expect(sum(result, ({ killed }) => killed)).toBe(200);
    expect(sum(result, ({ counts }) => counts['done device.submit_model_update'] ?? 0)).toBeGreaterThan(50);
  });

  it('keeps every promise through 20 kills on PostgreSQL', async () => {
    const result = await expectSound('20 kills on PostgreSQL', { kills: 20, database: 'postgresql', lanes: 1 });
    expect(sum(result, ({ killed }) => killed)).toBe(20);
  });
});
