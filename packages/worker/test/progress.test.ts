import { expect, it } from 'vitest';
import { Progress } from '../src/progress.js';

it('what a heartbeat tells is never more than the API takes', () => {
  const progress = new Progress();
  expect(progress.said).toBeUndefined();
  progress.note({ loss: 1 }, undefined);
  progress.note({ loss: 0.5 }, undefined);
  expect(progress.said).toEqual({ step: 1, metrics: { loss: 0.5 } });
  for (const step of [-1, 0.5, Number.NaN, 2 ** 53]) {
    progress.note({}, step);
    expect(Number.isSafeInteger(progress.said!.step)).toBe(true);
  }
  progress.note({ '': 1, ['x'.repeat(101)]: 1, 'a\0': 1, '\ud800': 1, infinite: Infinity, ['x'.repeat(100)]: 2 }, 9);
  expect(progress.said).toEqual({ step: 9, metrics: { ['x'.repeat(100)]: 2 } });
  progress.note(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`m${at}`, at])), 10);
  expect(Object.keys(progress.said!.metrics)).toHaveLength(20);
});
