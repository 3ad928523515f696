import { expect, it } from 'vitest';
import { expectSound, sum } from './helpers.js';

it('a server on SQLite keeps every promise through 200 kills with -9, at random and at chosen moments of its work', async () => {
  const result = await expectSound('200 kills on SQLite', { kills: 200 });
  expect(sum(result, ({ killed }) => killed)).toBe(200);
  expect(sum(result, ({ counts }) => counts['done device.submit_model_update'] ?? 0)).toBeGreaterThan(50);
});
