import { expect, it } from 'vitest';
import { expectSound, sum } from './helpers.js';

it('a server on PostgreSQL keeps every promise through 20 kills with -9, at random and at chosen moments of its work', async () => {
  const result = await expectSound('20 kills on PostgreSQL', { kills: 20, database: 'postgresql', lanes: 1 });
  expect(sum(result, ({ killed }) => killed)).toBe(20);
});
