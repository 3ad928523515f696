import type { Context } from '../context.js';
import { jobPoints, type JobPoint, type JobRange } from './job-points.js';

/** How many metrics are shown when nobody says which. */
const SHOWN_UNASKED = 6;

const MOST_NAMES = 1000;

/** The names of what devices reported: the first thousand that come. */
export class MetricNames {
  readonly #names = new Set<string>();

  add(points: readonly JobPoint[]): void {
    for (const { summary } of points) {
      for (const name of Object.keys(summary?.metrics ?? {})) {
        if (this.#names.size === MOST_NAMES) return;
        this.#names.add(name);
      }
    }
  }

  sorted(): string[] {
    return [...this.#names].sort();
  }
}

/** The metrics to show of these jobs when nobody says which. */
export async function shownUnasked(ctx: Context, ranges: readonly JobRange[]): Promise<string[]> {
  const names = new MetricNames();
  for (const range of ranges) for await (const batch of jobPoints(ctx, range)) names.add(batch);
  return names.sorted().slice(0, SHOWN_UNASKED);
}
