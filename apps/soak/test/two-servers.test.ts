import { describe, expect, it } from 'vitest';
import { expectSound, sum } from './helpers.js';

describe('two servers on one PostgreSQL', () => {
  it('keep every promise while one of them is killed or frozen, ten times in turn', async () => {
    const result = await expectSound('10 kills and freezes of two servers', { freezes: 10, database: 'postgresql', perFolder: 5 });
    expect(sum(result, ({ killed, frozen }) => killed + frozen)).toBe(10);
  });
});
