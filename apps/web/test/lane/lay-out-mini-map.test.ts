import { expect, it } from 'vitest';
import type { Bar } from '../../src/lane/lay-out-lane.js';
import { layOutMiniMap, shownPart } from '../../src/lane/lay-out-mini-map.js';

const bar = (id: number, x: number, end: number): Bar => ({ id: `job-${id}`, segments: [{ kind: 'training', x, width: end - x }], end, ticks: [], notches: [] });

it('draws a line a job, from where it began to where it ended', () => {
  expect(layOutMiniMap([bar(2, 500, 1000), bar(1, 0, 500)], { laneWidth: 1000, width: 100, height: 10, weight: () => 0 })).toEqual([
    { x: 50, y: 0, width: 50, height: 5, index: 0 },
    { x: 0, y: 5, width: 50, height: 5, index: 1 },
  ]);
});

it('shows of several jobs on a line the one that matters most, and stays within the map', () => {
  const bars = Array.from({ length: 1000 }, (_, at) => bar(at, at, at + 1));
  const marks = layOutMiniMap(bars, { laneWidth: 1000, width: 200, height: 96, weight: (index) => (index === 777 ? 3 : 0) });
  expect(marks).toHaveLength(96);
  expect(marks.map(({ index }) => index)).toContain(777);
  for (const { x, y, width, height } of marks) {
    expect(width).toBeGreaterThanOrEqual(1);
    expect(x + width).toBeLessThanOrEqual(200);
    expect(y + height).toBeLessThanOrEqual(96.001);
  }
});

it('tells which part of the rows the window shows', () => {
  const lane = { top: 400, lane: 10_000, windowHeight: 800 };
  expect(shownPart({ ...lane, scrollY: 0 })).toEqual({ from: 0, to: 0.04 });
  expect(shownPart({ ...lane, scrollY: 5400 })).toEqual({ from: 0.5, to: 0.58 });
  expect(shownPart({ ...lane, scrollY: 99_999 })).toEqual({ from: 1, to: 1 });
});
