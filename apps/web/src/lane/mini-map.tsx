import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { isOver, type Job } from '../api/job.js';
import { onThemeChange } from '../app/theme/theme.js';
import { colourReader } from '../chart/colours.js';
import type { Bar } from './lay-out-lane.js';
import { layOutMiniMap, shownPart } from './lay-out-mini-map.js';
import { useScrollY } from './use-scroll-y.js';
import { useWidth } from './use-width.js';
import styles from './lane.module.css';

/** In pixels. It stays at the top of the window, and is not higher than what html's scroll-padding keeps free for it. */
const HEIGHT = 56;

/** The colour of a job, and how much it matters that it is seen where there is room for one of several. */
const looks: Readonly<Record<string, { readonly colour: string; readonly weight: number }>> = {
  FAILED: { colour: 'var(--bad)', weight: 3 },
  IN_PROGRESS: { colour: 'var(--busy)', weight: 2 },
  AGGREGATION_IN_PROGRESS: { colour: 'var(--busy)', weight: 2 },
  CANCELLED: { colour: 'var(--still)', weight: 1 },
};
const other = { colour: 'var(--good)', weight: 0 };
const lookOf = ({ status }: Job) => looks[status] ?? (isOver(status) ? other : { colour: 'var(--line-strong)', weight: 0 });

interface Props {
  /** Newest first, as the rows are. */
  readonly jobs: readonly Job[];
  readonly bars: readonly Bar[];
  readonly laneWidth: number;
  /** Where the rows begin on the page, and how high each is, in pixels. */
  readonly top: number;
  readonly rowHeight: number;
}

/** All jobs at once, and which of them the window shows; a click or the arrow keys bring others there. */
export function MiniMap({ jobs, bars, laneWidth, top, rowHeight }: Props) {
  const [room, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = () => {
      if (canvas.current && width > 0) paint(canvas.current, jobs, layOutMiniMap(bars, { laneWidth, width, height: HEIGHT, weight: (index) => lookOf(jobs[index]!).weight }), width);
    };
    draw();
    return onThemeChange(draw);
  }, [jobs, bars, laneWidth, width]);
  const { from, to } = shownPart({ scrollY: useScrollY() + HEIGHT, windowHeight: innerHeight - HEIGHT, top, lane: jobs.length * rowHeight });
  const first = Math.min(jobs.length - 1, Math.floor(from * jobs.length));
  const last = Math.max(first, Math.min(jobs.length, Math.ceil(to * jobs.length)) - 1);
  const bring = (index: number) => scrollTo({ top: top - HEIGHT + Math.max(0, Math.min(jobs.length - 1, index)) * rowHeight });
  const page = Math.max(1, Math.floor((innerHeight - HEIGHT) / rowHeight) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: first + 1, ArrowRight: first + 1, ArrowUp: first - 1, ArrowLeft: first - 1, PageDown: first + page, PageUp: first - page, Home: 0, End: jobs.length - 1 };
    const next = steps[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    bring(next);
  };
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    const { top: edge } = event.currentTarget.getBoundingClientRect();
    bring(Math.floor(((event.clientY - edge) / HEIGHT) * jobs.length - page / 2));
  };
  return (
    <div
      ref={room}
      className={styles.map}
      tabIndex={0}
      role="slider"
      aria-orientation="vertical"
      aria-label="Map of all jobs"
      aria-valuemin={1}
      aria-valuemax={jobs.length}
      aria-valuenow={first + 1}
      aria-valuetext={`Jobs ${jobs[first]!.sequence} to ${jobs[last]!.sequence}`}
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
    >
      <canvas ref={canvas} height={HEIGHT} className={styles.canvas} />
      <div className={styles.window} style={{ top: `${from * 100}%`, height: `${(to - from) * 100}%` }} />
    </div>
  );
}

function paint(canvas: HTMLCanvasElement, jobs: readonly Job[], marks: ReturnType<typeof layOutMiniMap>, width: number): void {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  const read = colourReader(canvas.parentElement!);
  const colours = new Map([...new Set(jobs.map((job) => lookOf(job).colour))].map((colour) => [colour, read(colour)]));
  context.scale(ratio, ratio);
  for (const { x, y, width: length, height, index } of marks) {
    context.fillStyle = colours.get(lookOf(jobs[index]!).colour)!;
    context.fillRect(x, y, Math.max(2, length), Math.max(1, height));
  }
  read.done();
}
