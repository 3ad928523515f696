/** How far the values of one curve reach at a point. */
export interface Reach {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Which of these must stay, each with how much it has of what it stays for. */
const EXTREMES = [({ mean }: Reach) => mean, ({ mean }: Reach) => -mean, ({ max }: Reach) => max, ({ min }: Reach) => -min];

interface Best<Point> {
  readonly point: Point;
  readonly place: number;
  readonly worth: number;
}

/**
 * Makes a long series of points short enough to be drawn, point by point. Where all fit, all stay. Else the series is cut into
 * buckets of equal length, of each of which stay the first point, the last one, and for every curve those with the lowest and
 * the highest mean and value: an outlier is never lost.
 */
export class ThinnedSeries<Point> {
  readonly #length: number;
  readonly #kept: Point[] = [];
  #first: Best<Point> | undefined;
  #last: Best<Point> | undefined;
  #best = new Map<string, Best<Point>>();
  #seen = 0;

  /** `total` points will come, of which at most `most` stay. */
  constructor({ total, most, numCurves }: { readonly total: number; readonly most: number; readonly numCurves: number }) {
    const buckets = Math.max(1, Math.floor(most / (2 + EXTREMES.length * numCurves)));
    this.#length = total <= most ? 1 : Math.ceil(total / buckets);
  }

  /** The next point, and how far each curve reaches there; undefined where it has a gap. */
  add(point: Point, reaches: ReadonlyArray<Reach | undefined>): void {
    const place = this.#seen++;
    this.#last = { point, place, worth: 0 };
    this.#first ??= this.#last;
    for (const [curve, reach] of reaches.entries()) {
      if (!reach) continue;
      for (const [extreme, worthOf] of EXTREMES.entries()) {
        const key = `${curve}.${extreme}`;
        const worth = worthOf(reach);
        const best = this.#best.get(key);
        if (!best || worth > best.worth) this.#best.set(key, { point, place, worth });
      }
    }
    if (this.#seen % this.#length === 0) this.#close();
  }

  /** Those that stay, in their order. */
  points(): readonly Point[] {
    this.#close();
    return this.#kept;
  }

  #close(): void {
    if (!this.#first || !this.#last) return;
    const stay = new Map([this.#first, this.#last, ...this.#best.values()].map(({ place, point }) => [place, point]));
    this.#kept.push(...[...stay].sort(([one], [other]) => one - other).map(([, point]) => point));
    this.#first = this.#last = undefined;
    this.#best = new Map();
  }
}
