/** Which way a metric is good: less, or more. */
export type Mode = 'min' | 'max';

/** A metric that training is to make small, or large. */
export interface Goal {
  readonly metric: string;
  readonly mode: Mode;
}

/** Whether a value is better than another one by more than `by`. Any is better than none. */
export function isBetter(mode: Mode, value: number, than: number | null, by = 0): boolean {
  if (than === null) return true;
  return mode === 'min' ? value < than - by : value > than + by;
}

/** What the devices of a job reported of a metric in the mean; undefined when none did. */
export function meanOf({ metrics }: { readonly metrics: Readonly<Record<string, { readonly mean: number }>> }, metric: string): number | undefined {
  // A metric may be called "constructor", too.
  return Object.hasOwn(metrics, metric) ? metrics[metric]!.mean : undefined;
}
