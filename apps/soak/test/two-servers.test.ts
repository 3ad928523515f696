import { describe, expect, it } from 'vitest';
import { expectSound, sum } from './helpers.js';

describe('two servers on one PostgreSQL', () => {
  it('keep every promise while one of them is killed or frozen, 20 times in turn, and take over from each other within 30 s', async () => {
    const result = await expectSound('20 kills and freezes of two servers', { freezes: 20, database: 'postgresql', perFolder: 5, lanes: 4 });
    expect(sum(result, ({ killed, frozen }) => killed + frozen)).toBe(20);
  });
});
