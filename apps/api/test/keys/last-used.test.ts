import { expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { createLastUsed } from '../../src/access/last-used.js';
import { writeLastUsed } from '../../src/upkeep/write-last-used.js';
import { testClock } from '../support/clock.js';

it('when keys were last used is written in a few transactions, however many keys, and at most once a minute each', async () => {
  const clock = testClock();
  const written: string[][] = [];
  const write = async (statements: ReadonlyArray<{ params: readonly unknown[] }>) => void written.push(statements.map(({ params }) => String(params[1])));
  const ctx = { clock, db: { write }, signals: { publish: () => {} } } as unknown as Context;
  const lastUsed = createLastUsed(ctx);
  const keys = Array.from({ length: 1000 }, (_, n) => `key ${n}`);
  const useAll = async () => {
    for (const key of keys) lastUsed.keys.note(key);
    await writeLastUsed(ctx, lastUsed);
    return written.splice(0);
  };
  const first = await useAll();
  expect(first.length).toBeLessThanOrEqual(10);
  expect(first.flat()).toEqual(keys);
  await clock.advance(59_000);
  expect(await useAll()).toEqual([]);
  await clock.advance(2_000);
  expect((await useAll()).flat()).toEqual(keys);
});
