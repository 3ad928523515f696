import { JsonText } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { DifferingPaths, JobKind, ThinnedSeries, type MetricSummary } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { inPieces } from '../../reading/in-batches.js';
import { jobPoints, type JobRange } from '../../reading/job-points.js';
import { MetricNames, shownUnasked } from '../../reading/metric-names.js';
import { nextTurn } from '../../reading/next-turn.js';
import { timestamp } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';

export interface ComparisonQuery {
  readonly experiment_ids: readonly string[];
  readonly names?: readonly string[] | undefined;
  readonly max_points: number;
}

interface Compared {
  readonly id: string;
  readonly name: string | null;
  readonly hyperparameters: string;
  readonly nextJobSequence: number;
}

/** A job that completed, as it is shown. */
interface Point {
  readonly sequence: number;
  readonly endedAt: Date;
  readonly examplesSeen: number | null;
  readonly metrics: ReadonlyArray<MetricSummary | undefined>;
}

const SECOND_MS = 1000;

/**
 * Experiments of a project side by side, each of them read when its turn to be sent has come. Throws a Refusal
 * `experiment_not_found` when one of them is not in the project.
 */
export async function compareExperiments(ctx: Context, { project_id }: { project_id: string }, { experiment_ids, names, max_points }: ComparisonQuery) {
  const compared = await readCompared(ctx, project_id, experiment_ids);
  const shown = names ?? (await shownUnasked(ctx, compared.map(allJobs)));
  const known = new MetricNames();
  return {
    experiments: curves(ctx, compared, { shown, known, most: max_points }),
    differing: await differing(compared),
    names: whenRead(known),
  };
}

/** In the order in which they were asked for. */
async function readCompared(ctx: Context, projectId: string, ids: readonly string[]): Promise<readonly Compared[]> {
  const rows = await ctx.db.prisma.experiment.findMany({ where: { projectId, id: { in: [...ids] } }, select: { id: true, name: true, hyperparameters: true, nextJobSequence: true } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    if (!row) throw new Refusal('experiment_not_found');
    return row;
  });
}

const allJobs = ({ id, nextJobSequence }: Compared): JobRange => ({ experimentId: id, from: 1, to: nextJobSequence - 1 });

async function differing(compared: readonly Compared[]): Promise<string[]> {
  const found = new DifferingPaths();
  for (const { hyperparameters } of compared) {
    found.add(hyperparameters);
    await nextTurn();
  }
  return found.paths();
}

interface Shown {
  readonly shown: readonly string[];
  readonly known: MetricNames;
  readonly most: number;
}

async function* curves(ctx: Context, compared: readonly Compared[], { shown, known, most }: Shown) {
  for (const experiment of compared) {
    const { points, completed } = await readPoints(ctx, experiment, { shown, known, most });
    const begin = await firstStart(ctx, experiment.id);
    yield [
      {
        experiment_id: experiment.id,
        name: experiment.name,
        hyperparameters: new JsonText(experiment.hyperparameters),
        sequence: inPieces(points, ({ sequence }) => sequence),
        ended_at: inPieces(points, ({ endedAt }) => timestamp(endedAt)),
        elapsed_sec: inPieces(points, ({ endedAt }) => (endedAt.getTime() - begin.getTime()) / SECOND_MS),
        examples_seen: inPieces(points, ({ examplesSeen }) => examplesSeen),
        mean: means(points, shown),
        thinned: points.length === 0 ? 1 : Math.ceil(completed / points.length),
      },
    ];
  }
}

/** The jobs that completed, or of many those that show every outlier. */
async function readPoints(ctx: Context, experiment: Compared, { shown, known, most }: Shown) {
  const range = allJobs(experiment);
  // All jobs, also those that made no model: how many did is only known at the end.
  const series = new ThinnedSeries<Point>({ total: range.to, most, numCurves: shown.length });
  let [examplesSeen, completed]: [number | null, number] = [null, 0];
  for await (const batch of jobPoints(ctx, range)) {
    const trained = batch.filter(({ kind }) => kind === JobKind.TRAIN);
    known.add(trained);
    for (const { sequence, endedAt, summary } of trained) {
      if (!summary || !endedAt) continue;
      completed++;
      if (summary.examples !== null) examplesSeen = (examplesSeen ?? 0) + summary.examples;
      const metrics = shown.map((name) => (Object.hasOwn(summary.metrics, name) ? summary.metrics[name] : undefined));
      series.add({ sequence, endedAt, examplesSeen, metrics }, metrics);
    }
  }
  return { points: series.points(), completed };
}

async function* means(points: readonly Point[], shown: readonly string[]) {
  for (const [at, name] of shown.entries()) yield [[name, inPieces(points, ({ metrics }) => metrics[at]?.mean ?? null)]] as const;
}

/** What all have been found to have by the time that it is sent. */
async function* whenRead(known: MetricNames) {
  yield known.sorted();
}

const firstStarted = query((of: { experimentId: string }) =>
  build.selectFrom('Job').select('startedAt').where('experimentId', '=', of.experimentId).where('startedAt', 'is not', null).orderBy('sequence').limit(1));

/** When the first of its jobs started. Without one there is no job to measure from there. */
async function firstStart(ctx: Context, experimentId: string): Promise<Date> {
  return (await ctx.db.hot.get(firstStarted, { experimentId }))?.startedAt ?? new Date(0);
}
