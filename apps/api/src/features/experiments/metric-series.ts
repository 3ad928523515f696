import { JobStatus, ThinnedSeries, type MetricSummary } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { deviceValues, devicesOfJobs } from '../../reading/device-values.js';
import { inOneBatch, inPieces } from '../../reading/in-batches.js';
import { jobPoints, type JobPoint, type JobRange } from '../../reading/job-points.js';
import { MetricNames, shownUnasked } from '../../reading/metric-names.js';
import { timestampOrNull } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';

export interface MetricSeriesQuery {
  readonly names?: readonly string[] | undefined;
  readonly devices: 'none' | 'all' | readonly string[];
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly max_points: number;
}

const MOST_DEVICES = 100;

/** A job as far as it is shown: of all that was reported, what was asked for. */
type Shown = Omit<JobPoint, 'summary'> & { readonly examples: number | null; readonly metrics: ReadonlyArray<MetricSummary | undefined> };

/**
 * How metrics went from job to job, in columns. Of more jobs than `max_points` those stay that show every outlier. Throws a
 * Refusal `experiment_not_found`.
 */
export async function metricSeries(ctx: Context, { project_id, experiment_id }: { project_id: string; experiment_id: string }, query: MetricSeriesQuery) {
  const experiment = await ctx.db.prisma.experiment.findFirst({ where: { id: experiment_id, projectId: project_id }, select: { nextJobSequence: true } });
  if (!experiment) throw new Refusal('experiment_not_found');
  const last = experiment.nextJobSequence - 1;
  const range = { experimentId: experiment_id, from: query.from ?? 1, to: Math.min(query.to ?? last, last) };
  const total = Math.max(0, range.to - range.from + 1);
  const shown = query.names ?? (await shownUnasked(ctx, [range]));
  const { points, names } = await readPoints(ctx, range, shown, new ThinnedSeries<Shown>({ total, most: query.max_points, numCurves: shown.length }));
  return {
    sequence: inPieces(points, ({ sequence }) => sequence),
    job_id: inPieces(points, ({ id }) => id),
    status: inPieces(points, ({ status }) => status),
    kind: inPieces(points, ({ kind }) => kind),
    ended_at: inPieces(points, ({ endedAt }) => timestampOrNull(endedAt)),
    examples: inPieces(points, ({ examples }) => examples),
    metrics: columns(points, shown),
    devices: devicesOf(ctx, points, shown, query.devices),
    thinned: points.length === 0 ? 1 : Math.ceil(total / points.length),
    names,
  };
}

async function readPoints(ctx: Context, range: JobRange, shown: readonly string[], series: ThinnedSeries<Shown>) {
  const names = new MetricNames();
  for await (const batch of jobPoints(ctx, range)) {
    names.add(batch);
    for (const { summary, ...point } of batch) {
      const metrics = shown.map((name) => (summary && Object.hasOwn(summary.metrics, name) ? summary.metrics[name] : undefined));
      series.add({ ...point, examples: summary?.examples ?? null, metrics }, metrics);
    }
  }
  return { points: series.points(), names: names.sorted() };
}

/** By metric, a column for each thing that is known of it. */
async function* columns(points: readonly Shown[], shown: readonly string[]) {
  for (const [at, name] of shown.entries()) {
    const column = (valueOf: (metric: MetricSummary) => number) => inPieces(points, ({ metrics }) => (metrics[at] ? valueOf(metrics[at]) : null));
    const metric = {
      mean: column(({ mean }) => mean),
      min: column(({ min }) => min),
      max: column(({ max }) => max),
      p10: column(({ p10 }) => nineDigits(p10)),
      p90: column(({ p90 }) => nineDigits(p90)),
      count: inPieces(points, ({ metrics }) => metrics[at]?.count ?? 0),
    };
    yield [[name, metric]] as const;
  }
}

/** One device after the other, each read when its turn to be sent has come. */
async function* devicesOf(ctx: Context, points: readonly Shown[], shown: readonly string[], devices: MetricSeriesQuery['devices']) {
  if (devices === 'none') return;
  const jobIds = points.filter(({ status }) => status === JobStatus.COMPLETED).map(({ id }) => id);
  const ids = devices === 'all' ? await devicesOfJobs(ctx, jobIds, MOST_DEVICES) : [...new Set(devices)];
  for (const id of ids) {
    const values = await deviceValues(ctx, id, jobIds, shown);
    const column = (at: number) => points.map((point) => nineDigitsOrGap(values.get(point.id)?.[at]));
    // In a batch, as all metrics are: one may be called __proto__, and is just another name.
    yield [{ device_id: id, values: inOneBatch(shown.map((name, at) => [name, column(at)] as const)) }];
  }
}

/** As many digits as a float32 has. With all that a double has, a chart of many devices would be twice as long. */
const nineDigits = (value: number) => Number(value.toPrecision(9));
const nineDigitsOrGap = (value: number | null | undefined) => (typeof value === 'number' ? nineDigits(value) : null);
