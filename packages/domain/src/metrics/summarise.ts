import { percentile } from './percentile.js';
import { WeightedMeans, type MetricReport } from './weighted-means.js';

/** A device reports so many metrics at most, and of so many there are summaries. */
const MOST_NAMES = 100;

/** One metric over the devices that reported it. The mean is weighted, percentiles are of devices. */
export interface MetricSummary {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p10: number;
  readonly p90: number;
  /** How many devices reported it. */
  readonly count: number;
}

/** What the devices of a job reported. */
export interface ReportSummary {
  /** The sum of what they count; null when nobody said. */
  readonly examples: number | null;
  /** By name, in the order of names: the first hundred. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
}

/** What a device submitted with its update. */
export interface SubmittedReport {
  /** Its weight; null: it said nothing, and counts as one. */
  readonly numExamples: number | null;
  readonly metrics: MetricReport['metrics'];
}

/** Gathers reports, of which nothing is kept but numbers, for their summary. */
export class ReportSummaries {
  readonly #means = new WeightedMeans();
  readonly #values = new Map<string, number[]>();
  #examples: number | null = null;

  add({ numExamples, metrics }: SubmittedReport): void {
    this.#means.add({ weight: numExamples ?? 1, metrics });
    if (numExamples !== null) this.#examples = (this.#examples ?? 0) + numExamples;
    for (const [name, value] of Object.entries(metrics)) {
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
  }

  summary(): ReportSummary {
    const means = this.#means.means();
    const names = Object.keys(means).sort().slice(0, MOST_NAMES);
    // fromEntries defines own properties, so a metric called __proto__ is just another name.
    return { examples: this.#examples, metrics: Object.fromEntries(names.map((name) => [name, summaryOf(this.#values.get(name)!, means[name]!)])) };
  }
}

export function summarise(reports: readonly SubmittedReport[]): ReportSummary {
  const summaries = new ReportSummaries();
  for (const report of reports) summaries.add(report);
  return summaries.summary();
}

function summaryOf(values: readonly number[], mean: number): MetricSummary {
  const sorted = Float64Array.from(values).sort();
  return { mean, min: sorted[0]!, max: sorted.at(-1)!, p10: percentile(sorted, 0.1), p90: percentile(sorted, 0.9), count: sorted.length };
}
