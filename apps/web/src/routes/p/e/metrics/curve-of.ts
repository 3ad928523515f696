import type { AnswerOf } from '../../../../api/ask.js';
import type { Shape } from '../../../../chart/curve.js';
import { smoothed } from './smoothed.js';

export type Series = AnswerOf<'experiment.metric_series'>;
export type Metric = Series['metrics'][string];

interface Look {
  readonly x?: 'time' | undefined;
  readonly scale?: 'log' | undefined;
  readonly smooth?: number | undefined;
}

export interface CurveOfMetric {
  readonly shape: Shape;
  /** For each point, which entry of the series it is. */
  readonly entries: readonly number[];
  /** How many jobs have a mean that a logarithmic axis can't show: 0 or less. */
  readonly hidden: number;
}

/** What is drawn of a metric. Nothing is left out but, on a time axis, jobs that have not ended. */
export function curveOf(series: Series, metric: Metric, { x, scale, smooth }: Look): CurveOfMetric {
  const isTime = x === 'time';
  const isLog = scale === 'log';
  const place = (entry: number): number => (isTime ? Date.parse(series.ended_at[entry]!) / 1000 : series.sequence[entry]!);
  const entries = series.sequence.map((_, entry) => entry).filter((entry) => !isTime || series.ended_at[entry] !== null);
  // A job that was cancelled while it waited ended before those that were ahead of it.
  if (isTime) entries.sort((one, other) => place(one) - place(other));
  const shown = (column: readonly (number | null)[]) => entries.map((entry) => column[entry] ?? null).map((value) => (isLog && value !== null && value <= 0 ? null : value));
  const mean = shown(metric.mean);
  return {
    entries,
    hidden: isLog ? entries.filter((entry) => (metric.mean[entry] ?? 1) <= 0).length : 0,
    shape: {
      x: entries.map(place),
      isTime,
      isLog,
      main: smooth === undefined ? mean : smoothed(mean, smooth),
      behind: smooth === undefined ? undefined : mean,
      low: shown(metric.p10),
      high: shown(metric.p90),
      marks: entries.filter((entry) => series.status[entry] === 'FAILED' || series.status[entry] === 'CANCELLED').map(place),
    },
  };
}
