/** A job as the lane draws it; times in milliseconds since 1970. */
export interface LaneJob {
  readonly id: string;
  readonly sequence: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly aggregationStartedAt: number | null;
  readonly endedAt: number | null;
  /** When each update arrived. */
  readonly updatesAt: readonly number[];
  /** When each device that was replaced was given up. */
  readonly replacedAt: readonly number[];
}

export type SegmentKind = 'queued' | 'training' | 'aggregating';

export interface Segment {
  readonly kind: SegmentKind;
  readonly x: number;
  readonly width: number;
}

export interface Bar {
  readonly id: string;
  readonly segments: readonly Segment[];
  /** Where it ended, or where it is now. */
  readonly end: number;
  readonly ticks: readonly number[];
  readonly notches: readonly Notch[];
}

/** Where devices were replaced, at about the same time. */
export interface Notch {
  readonly x: number;
  /** Which they are of the job's `replacedAt`. */
  readonly which: readonly number[];
}

/** A stretch of time in which nothing went on, drawn narrower than it was. */
export interface Fold {
  readonly x: number;
  readonly width: number;
  readonly seconds: number;
}

export interface Lane {
  readonly bars: readonly Bar[];
  readonly folds: readonly Fold[];
}

/** What idle time is shown as it was; more is folded. */
const LONGEST_IDLE_MS = 10 * 60_000;
const FOLD_WIDTH = 28;
/** Of the width, folds take no more than this, however many there are. */
const FOLDS_SHARE = 0.4;
/** So that what took no time is seen. */
const THINNEST = 2;
/** Notches that would cover each other are one. */
const NOTCH_WIDTH = 8;

/**
 * Where everything of a lane stands, in pixels from its left edge: `by` time, with idle time folded, or by number, where each job
 * has the same room and its own time fills it. `now` is where jobs end that have not.
 */
export function layOutLane(jobs: readonly LaneJob[], { by, now, width }: { by: 'time' | 'number'; now: number; width: number }): Lane {
  if (by === 'number') return { bars: jobs.map((job) => barOf(job, now, roomOf(job, jobs, now, width))), folds: [] };
  const { place, folds } = timeScale(jobs, now, width);
  return { bars: jobs.map((job) => barOf(job, now, place)), folds };
}

type Place = (time: number) => number;

/** Each its own column, in the order of their numbers. */
function roomOf(job: LaneJob, jobs: readonly LaneJob[], now: number, width: number): Place {
  const room = width / jobs.length;
  const column = jobs.filter(({ sequence }) => sequence < job.sequence).length;
  const from = job.startedAt ?? job.createdAt;
  const length = Math.max(1, (job.endedAt ?? now) - from);
  // A little air between one and the next.
  return (time) => column * room + Math.max(0, Math.min(1, (time - from) / length)) * room * 0.9;
}

/** One scale for all: time in which something went on is in proportion, and what is folded between is not. */
function timeScale(jobs: readonly LaneJob[], now: number, width: number): { place: Place; folds: Fold[] } {
  const busy = busyTimes(jobs, now);
  const foldWidth = Math.min(FOLD_WIDTH, (width * FOLDS_SHARE) / Math.max(1, busy.length - 1));
  const busyMs = busy.reduce((sum, [from, to]) => sum + to - from, 0);
  const perMs = (width - foldWidth * (busy.length - 1)) / Math.max(1, busyMs);
  let x = 0;
  const starts = busy.map(([from, to]) => {
    const start = x;
    x += (to - from) * perMs + foldWidth;
    return start;
  });
  const place: Place = (time) => {
    const index = Math.max(0, busy.findLastIndex(([from]) => from <= time));
    const [from, to] = busy[index] ?? [time, time];
    return (starts[index] ?? 0) + Math.max(0, Math.min(time, to) - from) * perMs;
  };
  const folds = busy.slice(1).map(([from], index) => ({ x: starts[index + 1]! - foldWidth, width: foldWidth, seconds: (from - busy[index]![1]) / 1000 }));
  return { place, folds };
}

/** From when to when something went on, with shorter pauses between. */
function busyTimes(jobs: readonly LaneJob[], now: number): [number, number][] {
  const times = jobs.map(({ createdAt, endedAt }): [number, number] => [createdAt, Math.max(createdAt, endedAt ?? now)]).sort((a, b) => a[0] - b[0]);
  const busy: [number, number][] = [];
  for (const [from, to] of times) {
    const last = busy.at(-1);
    if (last && from - last[1] <= LONGEST_IDLE_MS) last[1] = Math.max(last[1], to);
    else busy.push([from, to]);
  }
  return busy;
}

function barOf(job: LaneJob, now: number, place: Place): Bar {
  const { createdAt, startedAt, aggregationStartedAt, endedAt } = job;
  const end = endedAt ?? now;
  const segment = (kind: SegmentKind, from: number, to: number): Segment => ({ kind, x: place(from), width: Math.max(THINNEST, place(to) - place(from)) });
  const segments = [
    segment('queued', createdAt, startedAt ?? end),
    ...(startedAt === null ? [] : [segment('training', startedAt, aggregationStartedAt ?? end)]),
    ...(aggregationStartedAt === null ? [] : [segment('aggregating', aggregationStartedAt, end)]),
  ];
  return { id: job.id, segments, end: place(end), ticks: job.updatesAt.map(place), notches: notchesOf(job.replacedAt, place) };
}

function notchesOf(times: readonly number[], place: Place): Notch[] {
  const notches: { x: number; which: number[] }[] = [];
  const sorted = times.map((time, which) => ({ x: place(time), which })).sort((one, other) => one.x - other.x);
  for (const { x, which } of sorted) {
    const last = notches.at(-1);
    if (last && x - last.x < NOTCH_WIDTH) last.which.push(which);
    else notches.push({ x, which: [which] });
  }
  return notches;
}
