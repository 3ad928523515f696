/** What one device reported of its training, and how much it counts. */
export interface MetricReport {
  readonly weight: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The mean of each metric over the devices that reported it, weighted: Σ w·x / Σ w. Weights are normalised first and
 * the mean is held between the smallest and the largest value, so that finite numbers never have an infinite mean.
 */
export function weightedMeans(reports: readonly MetricReport[]): Record<string, number> {
  const reported = new Map<string, { value: number; weight: number }[]>();
  for (const { weight, metrics } of reports) {
    for (const [name, value] of Object.entries(metrics)) {
      const values = reported.get(name) ?? [];
      values.push({ value, weight });
      reported.set(name, values);
    }
  }
  // fromEntries defines own properties, so a metric called __proto__ is just another name.
  return Object.fromEntries([...reported].map(([name, values]) => [name, weightedMean(values)]));
}

function weightedMean(values: readonly { readonly value: number; readonly weight: number }[]): number {
  const heaviest = values.reduce((most, { weight }) => Math.max(most, weight), 0);
  const total = values.reduce((sum, { weight }) => sum + weight / heaviest, 0);
  const mean = values.reduce((sum, { value, weight }) => sum + (weight / heaviest / total) * value, 0);
  const lowest = values.reduce((low, { value }) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const highest = values.reduce((high, { value }) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  return Math.min(Math.max(mean, lowest), highest);
}
