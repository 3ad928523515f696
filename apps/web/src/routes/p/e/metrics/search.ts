import { listIn, oneOfIn } from '../../../../app/search.js';

/** So many charts at most. */
export const MOST_CHARTS = 6;

const MOST_SMOOTHING = 0.99;

/** How the metrics are looked at: all of it is in the URL, so that a link shows the same. */
export interface MetricsSearch {
  /** Which ones, separated by commas; the first six when left out. */
  readonly names?: string | undefined;
  /** What the x axis is; the jobs' numbers when left out. */
  readonly x?: 'time' | undefined;
  readonly scale?: 'log' | undefined;
  /** 0 to 0.99: how much of a point comes from those before it; none when left out. */
  readonly smooth?: number | undefined;
  readonly as?: 'table' | undefined;
}

export const searchOfMetrics = (search: Record<string, unknown>): MetricsSearch => ({
  names: listIn(search, 'names')?.slice(0, MOST_CHARTS).join(),
  x: oneOfIn(search, 'x', ['time']),
  scale: oneOfIn(search, 'scale', ['log']),
  smooth: smoothing(Number(search['smooth'])),
  as: oneOfIn(search, 'as', ['table']),
});

const smoothing = (value: number): number | undefined => (value > 0 ? Math.min(value, MOST_SMOOTHING) : undefined);
