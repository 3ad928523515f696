import type { Lines } from '../../../chart/lines.js';
import { number } from '../../../ui/number.js';
import { calledShort, type Compared, type ComparisonSearch } from './search.js';

export interface OverlaidCurves {
  readonly lines: Lines;
  /** What is known at each place of the x axis, in words. */
  readonly read: (at: number) => string;
  /** How many values a logarithmic axis can't show. */
  readonly hidden: number;
}

interface Point {
  readonly place: number;
  readonly job: number;
  readonly value: number;
}

const placeOf: Readonly<Record<NonNullable<ComparisonSearch['x']> | 'job', (one: Compared, at: number) => number | null | undefined>> = {
  job: ({ sequence }, at) => sequence[at],
  time: ({ ended_at }, at) => Date.parse(ended_at[at]!) / 1000,
  elapsed: ({ elapsed_sec }, at) => elapsed_sec[at],
  examples: ({ examples_seen }, at) => examples_seen[at],
};

/** The curves of one metric over one another, on an axis that all of them share. */
export function curvesOf(experiments: readonly Compared[], metric: string, { x: along, scale }: Pick<ComparisonSearch, 'x' | 'scale'>): OverlaidCurves {
  const x = along ?? 'job';
  const isLog = scale === 'log';
  const all = experiments.map((one) => pointsOf(one, metric, placeOf[x]));
  const shown = all.map((points) => points.filter(({ value }) => !isLog || value > 0));
  const places = [...new Set(shown.flatMap((points) => points.map(({ place }) => place)))].sort((one, other) => one - other);
  const byPlace = shown.map((points) => new Map(points.map((point) => [point.place, point])));
  return {
    lines: { x: places, axis: x === 'time' ? 'time' : x === 'job' ? 'whole' : 'number', isLog, values: byPlace.map((points) => places.map((place) => points.get(place)?.value ?? null)) },
    read(at) {
      const found = experiments.flatMap((one, index) => {
        const point = byPlace[index]!.get(places[at]!);
        return point ? [{ name: calledShort(one), ...point }] : [];
      });
      if (found.length === 0) return 'No job has this metric yet.';
      const values = found.map(({ name, job, value }) => (x === 'job' ? `${name} ${number(value)}` : `${name}, job ${job}: ${number(value)}`));
      return `${x === 'job' ? `Job ${found[0]!.job}: ` : ''}${values.join(x === 'job' ? ', ' : '; ')}`;
    },
    hidden: all.flat().length - shown.flat().length,
  };
}

function pointsOf(one: Compared, metric: string, place: (one: Compared, at: number) => number | null | undefined): Point[] {
  return one.sequence.flatMap((job, at) => {
    const [where, value] = [place(one, at), one.mean[metric]?.[at]];
    return typeof where === 'number' && typeof value === 'number' ? [{ place: where, job, value }] : [];
  });
}
