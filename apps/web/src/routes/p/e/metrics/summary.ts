import { jobLooks } from '../../../../ui/job-status.js';
import { number } from '../../../../ui/number.js';
import type { Metric, Series } from './curve-of.js';

/** What a chart shows, in one sentence. */
export function summaryOf({ sequence }: Series, { mean }: Metric): string {
  const known = mean.flatMap((value, entry) => (value === null ? [] : [{ value, job: sequence[entry]! }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return 'No job has a value yet.';
  if (known.length === 1) return `${number(first.value)} after job ${first.job}, the only one that has it.`;
  const lowest = known.reduce((least, one) => (one.value < least.value ? one : least));
  const highest = known.reduce((most, one) => (one.value > most.value ? one : most));
  return `From ${number(first.value)} after job ${first.job} to ${number(last.value)} after job ${last.job}; lowest ${number(lowest.value)} (job ${lowest.job}), highest ${number(highest.value)} (job ${highest.job}).`;
}

/** What is known of one job, in a line. `smooth`: what the thick line shows there, where it is another value. */
export function readOut(series: Series, metric: Metric, entry: number, smooth?: number | null): string {
  const [value, low, high, count] = [metric.mean[entry] ?? null, metric.p10[entry] ?? null, metric.p90[entry] ?? null, metric.count[entry] ?? 0];
  const job = `Job ${series.sequence[entry]}`;
  const status = series.status[entry]!;
  if (value === null) return `${job}: ${status === 'COMPLETED' ? 'no value' : (jobLooks[status]?.word ?? status).toLowerCase()}`;
  const parts = [`${job}: mean ${number(value)}`];
  if (typeof smooth === 'number') parts.push(`smoothed ${number(smooth)}`);
  if (low !== null && high !== null && count > 1) parts.push(`p10–p90 ${number(low)} to ${number(high)}`);
  return `${parts.join(', ')}, ${count} ${count === 1 ? 'device' : 'devices'}`;
}
