import { isBetter, type Goal } from './goal.js';

/** When the rest of a series of jobs is not worth training: its metric has crossed a threshold, or does not get better any more. */
export interface StopRule extends Goal {
  /** So many jobs in a row that are no better; null: any number. */
  readonly patience: number | null;
  /** A value counts as better when it is so by more than this. */
  readonly min_delta: number;
  /** A value that is good enough; null: none is. */
  readonly threshold: number | null;
}

/** How a series stands to its rule. Jobs that say nothing of the metric change none of it. */
export interface SeriesProgress {
  /** The best value so far. */
  readonly bestValue: number | null;
  /** The last one that was better by more than `min_delta`, with which others are compared. */
  readonly countedValue: number | null;
  /** How many in a row have been no better than that. */
  readonly stalled: number;
}

/** What the value of one more job makes of it. */
export interface Judged {
  readonly progress: SeriesProgress;
  readonly isBest: boolean;
  /** Why the series ends here, for people; undefined: it goes on. */
  readonly stop: { readonly rule: 'threshold' | 'patience'; readonly sentence: string } | undefined;
}

/** Reckons with the value of the job that has just completed. A threshold that is reached counts before a stall. */
export function judge(rule: StopRule, before: SeriesProgress, value: number): Judged {
  const isBest = isBetter(rule.mode, value, before.bestValue);
  const counts = isBetter(rule.mode, value, before.countedValue, rule.min_delta);
  const progress = {
    bestValue: isBest ? value : before.bestValue,
    countedValue: counts ? value : before.countedValue,
    stalled: counts ? 0 : before.stalled + 1,
  };
  return { progress, isBest, stop: stopOf(rule, progress, value) };
}

function stopOf({ metric, mode, patience, threshold }: StopRule, { bestValue, stalled }: SeriesProgress, value: number): Judged['stop'] {
  if (threshold !== null && (mode === 'min' ? value <= threshold : value >= threshold))
    return { rule: 'threshold', sentence: `${metric} is ${value}, which reaches the threshold of ${threshold}` };
  if (patience !== null && stalled >= patience)
    return { rule: 'patience', sentence: `${metric} has not improved for ${patience} ${patience === 1 ? 'job' : 'jobs'}; its best is ${bestValue}` };
  return undefined;
}
