import { describe, expect, it } from 'vitest';
import { deadlineOf } from '../../src/index.js';

const startedAt = new Date('2026-01-01T00:00:00Z');
const after = (...seconds: number[]) =>
  deadlineOf(seconds.map((max_duration_sec) => ({ type: 'DurationTerminationCriteria', max_duration_sec })), startedAt);

describe('the deadline of a job', () => {
  it('is none without a criterion', () => {
    expect(after()).toBeNull();
  });

  it('counts from the start of the job', () => {
    expect(after(90)).toEqual(new Date('2026-01-01T00:01:30Z'));
  });

  it('is the shortest of several', () => {
    expect(after(90, 30, 60)).toEqual(new Date('2026-01-01T00:00:30Z'));
  });

  it('is never before the time that was given, however small', () => {
    expect(after(0.0004)!.getTime()).toBe(startedAt.getTime() + 1);
    expect(after(Number.MIN_VALUE)!.getTime()).toBeGreaterThanOrEqual(startedAt.getTime());
  });

  it('is a date even at the longest that is taken', () => {
    expect(after(315_360_000)!.getUTCFullYear()).toBe(2035);
  });
});
