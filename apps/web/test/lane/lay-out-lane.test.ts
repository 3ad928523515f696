import fc from 'fast-check';
import { testSeed } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import { layOutLane, type LaneJob } from '../../src/lane/lay-out-lane.js';

const MINUTE = 60_000;

const job = (sequence: number, createdAt: number, more: Partial<LaneJob> = {}): LaneJob => ({
  id: `job-${sequence}`,
  sequence,
  createdAt,
  startedAt: createdAt,
  aggregationStartedAt: null,
  endedAt: null,
  updatesAt: [],
  replacedAt: [],
  ...more,
});

it('draws what a job went through in proportion to how long it took', () => {
  const one = job(1, 0, { startedAt: 100, aggregationStartedAt: 400, endedAt: 500, updatesAt: [250, 400] });
  const { bars } = layOutLane([one], { by: 'time', now: 9_999_999, width: 500 });
  expect(bars[0]).toEqual({
    id: 'job-1',
    segments: [
      { kind: 'queued', x: 0, width: 100 },
      { kind: 'training', x: 100, width: 300 },
      { kind: 'aggregating', x: 400, width: 100 },
    ],
    end: 500,
    ticks: [250, 400],
    notches: [],
  });
});

it('notches a bar where a device was replaced; those that would cover each other are one', () => {
  const one = job(1, 0, { startedAt: 0, endedAt: 1000, replacedAt: [900, 100, 104, 500] });
  const { bars } = layOutLane([one], { by: 'time', now: 0, width: 1000 });
  expect(bars[0]!.notches).toEqual([
    { x: 100, which: [1, 2] },
    { x: 500, which: [3] },
    { x: 900, which: [0] },
  ]);
});

it('lets what has not ended go on until now', () => {
  const { bars } = layOutLane([job(1, 0), job(2, 500, { startedAt: null })], { by: 'time', now: 1000, width: 100 });
  expect(bars.map(({ end }) => end)).toEqual([100, 100]);
  expect(bars[1]!.segments).toEqual([{ kind: 'queued', x: 50, width: 50 }]);
});

it('folds more than ten idle minutes, and says how long they were', () => {
  const jobs = [job(1, 0, { endedAt: MINUTE }), job(2, 121 * MINUTE, { endedAt: 122 * MINUTE })];
  const { bars, folds } = layOutLane(jobs, { by: 'time', now: 122 * MINUTE, width: 228 });
  expect(folds).toEqual([{ x: 100, width: 28, seconds: 120 * 60 }]);
  expect(bars[1]!.segments[0]!.x).toBe(128);
  expect(bars[1]!.end).toBe(228);
});

it('leaves a shorter pause as it was', () => {
  const { bars, folds } = layOutLane([job(1, 0, { endedAt: MINUTE }), job(2, 3 * MINUTE, { endedAt: 4 * MINUTE })], { by: 'time', now: 0, width: 400 });
  expect(folds).toEqual([]);
  expect(bars[1]!.segments[0]!.x).toBe(300);
});

it('gives each job the same room by number, in their order', () => {
  const jobs = [job(3, 900, { endedAt: 901 }), job(2, 10, { endedAt: 800 }), job(1, 0, { endedAt: 5 })];
  const { bars } = layOutLane(jobs, { by: 'number', now: 0, width: 300 });
  expect(bars.map(({ segments }) => segments[0]!.x)).toEqual([200, 100, 0]);
  expect(bars.map(({ end }) => Math.round(end))).toEqual([290, 190, 90]);
});

it('keeps everything within the lane, and in the order of time, whatever happened', () => {
  const times = fc.tuple(fc.nat(1e9), fc.nat(1e7), fc.nat(1e7), fc.nat(1e7));
  const series = fc.array(times, { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(series, fc.integer({ min: 200, max: 4000 }), (all, width) => {
      const jobs = all.map(([created, queued, trained, aggregated], index) =>
        job(index + 1, created, { startedAt: created + queued, aggregationStartedAt: created + queued + trained, endedAt: created + queued + trained + aggregated, updatesAt: [created + queued], replacedAt: [created + queued, created + queued + trained] }),
      );
      for (const by of ['time', 'number'] as const) {
        for (const { segments, end, ticks, notches } of layOutLane(jobs, { by, now: 2e9, width }).bars) {
          for (const x of [...segments.map((one) => one.x), end, ...ticks, ...notches.map((notch) => notch.x)]) {
            expect(x).toBeGreaterThanOrEqual(0);
            expect(x).toBeLessThanOrEqual(width + 0.001);
          }
          expect(segments.map(({ x }) => x)).toEqual(segments.map(({ x }) => x).sort((a, b) => a - b));
        }
      }
    }),
    { seed: testSeed('lane'), numRuns: 50 },
  );
});
