/** What one device reported of its training, and how much it counts. */
export interface MetricReport {
  readonly weight: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The mean of each metric over the devices that reported it, weighted: Σ w·x / Σ w. */
export function weightedMeans(reports: readonly MetricReport[]): Record<string, number> {
  const sums = new Map<string, { weighted: number; weight: number }>();
  for (const { weight, metrics } of reports) {
    for (const [name, value] of Object.entries(metrics)) {
      const sum = sums.get(name) ?? { weighted: 0, weight: 0 };
      sums.set(name, { weighted: sum.weighted + weight * value, weight: sum.weight + weight });
    }
  }
  // fromEntries defines own properties, so a metric called __proto__ is just another name.
  return Object.fromEntries([...sums].map(([name, { weighted, weight }]) => [name, weighted / weight]));
}
