/** What one device reported of its training, and how much it counts. */
export interface MetricReport {
  readonly weight: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Of so many names there are means; of those that come after them there are none. */
const MOST_NAMES = 10_000;

/** Gathers reports, of which nothing is kept but numbers, for the mean of each metric over the devices that reported it. */
export class WeightedMeans {
  /** Value and weight in turn, by name. */
  readonly #reported = new Map<string, number[]>();

  add({ weight, metrics }: MetricReport): void {
    for (const [name, value] of Object.entries(metrics)) {
      let values = this.#reported.get(name);
      if (!values) {
        if (this.#reported.size === MOST_NAMES) continue;
        this.#reported.set(name, (values = []));
      }
      values.push(value, weight);
    }
  }

  /**
   * Weighted: Σ w·x / Σ w. Weights are normalised first and the mean is held between the smallest and the largest value, so
   * that finite numbers never have an infinite mean.
   */
  means(): Record<string, number> {
    // fromEntries defines own properties, so a metric called __proto__ is just another name.
    return Object.fromEntries([...this.#reported].map(([name, values]) => [name, weightedMean(values)]));
  }
}

/** The means of reports that are all there. */
export function weightedMeans(reports: readonly MetricReport[]): Record<string, number> {
  const means = new WeightedMeans();
  for (const report of reports) means.add(report);
  return means.means();
}

function weightedMean(values: readonly number[]): number {
  let heaviest = 0;
  for (let at = 1; at < values.length; at += 2) heaviest = Math.max(heaviest, values[at]!);
  let total = 0;
  for (let at = 1; at < values.length; at += 2) total += values[at]! / heaviest;
  let mean = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at += 2) {
    const value = values[at]!;
    mean += (values[at + 1]! / heaviest / total) * value;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return Math.min(Math.max(mean, lowest), highest);
}
