import { seededRandom, testSeed } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import { numberAt } from '../../src/routes/p/e/log/number-at.js';

it('finds the first event at a time or after it, whatever the log, and the last for a time to come', async () => {
  const random = seededRandom(testSeed('events by time'));
  for (let round = 0; round < 300; round++) {
    const count = 1 + Math.floor(random() * 300);
    let now = 1000;
    // Many happen within the same millisecond.
    const times = Array.from({ length: count }, () => (now += Math.floor(random() * 3)));
    const time = 990 + Math.floor(random() * (now - 980));
    const first = times.findIndex((each) => each >= time);
    expect(await numberAt(time, count, async (number) => times[number - 1]!)).toBe(first === -1 ? count : first + 1);
  }
});

it('asks for few of 100,000 events, at most six at once', async () => {
  let asked = 0;
  let underWay = 0;
  const timeOf = async (number: number) => {
    expect(number).toBeGreaterThan(0);
    expect(number).toBeLessThanOrEqual(100_000);
    asked++;
    expect(++underWay).toBeLessThanOrEqual(6);
    await Promise.resolve();
    underWay--;
    return number;
  };
  for (const number of [1, 2, 54_321, 99_999, 100_000]) expect(await numberAt(number, 100_000, timeOf)).toBe(number);
  expect(asked).toBeLessThanOrEqual(5 * 42);
});
