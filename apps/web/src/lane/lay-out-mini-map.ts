import type { Bar } from './lay-out-lane.js';

/** A job on the map, or those that fall onto the same line of it. */
export interface MapMark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Which job it is, from 0; of several the one that matters most. */
  readonly index: number;
}

/**
 * The whole lane in a few pixels: a line a job, from where it began to where it ended. Where jobs outnumber lines, each line has
 * the job of the highest `weight` among those that fall onto it, so that one that failed is never lost.
 */
export function layOutMiniMap(bars: readonly Bar[], { laneWidth, width, height, weight }: { laneWidth: number; width: number; height: number; weight: (index: number) => number }): MapMark[] {
  const lines = Math.min(bars.length, Math.floor(height));
  const chosen = new Map<number, number>();
  for (const index of bars.keys()) {
    const line = Math.floor((index / bars.length) * lines);
    const there = chosen.get(line);
    if (there === undefined || weight(index) > weight(there)) chosen.set(line, index);
  }
  const scale = width / Math.max(1, laneWidth);
  return [...chosen].map(([line, index]) => {
    const { segments, end } = bars[index]!;
    const x = Math.min(width - 1, (segments[0]?.x ?? 0) * scale);
    return { x, y: (line / lines) * height, width: Math.max(1, Math.min(width, end * scale) - x), height: height / lines, index };
  });
}

/** The part of the lane's rows that the window shows, from 0 to 1: `top` is where they begin on the page, all in pixels. */
export function shownPart({ scrollY, windowHeight, top, lane }: { scrollY: number; windowHeight: number; top: number; lane: number }): { readonly from: number; readonly to: number } {
  const part = (y: number) => Math.max(0, Math.min(1, (y - top) / Math.max(1, lane)));
  return { from: part(scrollY), to: part(scrollY + windowHeight) };
}
