import { useEffect, useRef, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onThemeChange } from '../app/theme/theme.js';
import { useWidth } from '../lane/use-width.js';
import { number } from '../ui/number.js';
import { colourReader, themeNow } from './colours.js';
import { momentsOf } from './moments.js';
import { seriesLook } from './series-look.js';
import { WHOLE_STEPS } from './whole-steps.js';
import styles from './chart.module.css';

const HEIGHT = 320;
/** With so many points at most, each has a dot. */
const MOST_DOTS = 60;

export interface Lines {
  /** Ascending; with the axis `time` in seconds since 1970. */
  readonly x: readonly number[];
  readonly axis: 'whole' | 'number' | 'time';
  readonly isLog: boolean;
  /** For each line its values along x; null: it has none there, and goes on to the next. */
  readonly values: readonly (readonly (number | null)[])[];
}

interface Props {
  readonly lines: Lines;
  /** The index of the place that is read out. */
  readonly at: number;
  readonly move: (at: number) => void;
  /** The line that is looked at; the others are dimmed. */
  readonly raised: number | undefined;
}

/** Several lines over one another. It only draws: what they say in words, and its keys, are its caller's. */
export function LineChart({ lines, at, move, raised }: Props) {
  const [measure, width] = useWidth();
  const host = useRef<HTMLDivElement>(null);
  /** Once it knows where a value is: a cursor that is set before that goes to the first one. */
  const plot = useRef<uPlot>(undefined);
  const theme = useSyncExternalStore(onThemeChange, themeNow);
  const isWide = width > 0;
  const latest = useRef({ at, move, width, raised });
  useEffect(() => {
    latest.current = { at, move, width, raised };
  });
  useEffect(() => {
    if (!host.current || !isWide) return;
    const drawn = draw(host.current, lines, latest.current.width, {
      ready(ready) {
        plot.current = ready;
        pointAt(ready, latest.current.at);
        raise(ready, latest.current.raised);
      },
      move: (next) => latest.current.move(next),
    });
    return () => {
      plot.current = undefined;
      drawn.destroy();
    };
    // Its colours are read as it is drawn.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [lines, theme, isWide]);
  useEffect(() => {
    plot.current?.setSize({ width, height: HEIGHT });
  }, [width]);
  useEffect(() => {
    if (plot.current) pointAt(plot.current, at);
  }, [at]);
  useEffect(() => {
    if (plot.current) raise(plot.current, raised);
  }, [raised]);
  return (
    <div ref={measure} className={styles.room} style={{ height: HEIGHT }}>
      <div ref={host} aria-hidden="true" />
    </div>
  );
}

function pointAt(plot: uPlot, at: number): void {
  const x = plot.data[0][at];
  if (x !== undefined && plot.cursor.idx !== at) plot.setCursor({ left: plot.valToPos(x, 'x'), top: HEIGHT / 3 });
}

const raise = (plot: uPlot, line: number | undefined): void => plot.setSeries(line === undefined ? null : line + 1, { focus: true });

function draw(host: HTMLElement, { x, axis, isLog, values }: Lines, width: number, { ready, move }: { ready: (plot: uPlot) => void; move: (at: number) => void }): uPlot {
  const read = colourReader(host);
  const [line, text] = [read('var(--line)'), read('var(--text-dim)')];
  const looks = values.map((_, n) => ({ ...seriesLook(n), stroke: read(seriesLook(n).colour) }));
  read.done();
  const common = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '12px system-ui' };
  const across = { whole: { ...common, incrs: WHOLE_STEPS }, number: { ...common, values: (_plot: uPlot, splits: number[]) => splits.map(number) }, time: { ...common, space: 90, values: (_plot: uPlot, splits: number[]) => momentsOf(splits) } };
  return new uPlot(
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      focus: { alpha: 0.25 },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        // Onto the nearest point: between two of them there is nothing.
        move: (plot, left, top) => [left < 0 ? left : plot.valToPos(plot.data[0][plot.posToIdx(left)]!, 'x'), top],
      },
      scales: { x: { time: axis === 'time', ...(x.length === 1 && { range: [x[0]! - 1, x[0]! + 1] as [number, number] }) }, y: isLog ? { distr: 3 } : {} },
      axes: [across[axis], { ...common, size: 64, values: (_plot, splits) => splits.map((value) => (value === null ? '' : number(value))) }],
      series: [{}, ...looks.map(({ stroke, dash }) => ({ stroke, dash: [...dash], width: 2, spanGaps: true, points: { show: x.length <= MOST_DOTS, size: 6, fill: stroke } }))],
      hooks: {
        // Only now it knows where a value is.
        ready: [ready],
        setCursor: [({ cursor }) => void (typeof cursor.idx === 'number' && move(cursor.idx))],
      },
    },
    [x, ...values].map((column) => [...column]) as uPlot.AlignedData,
    host,
  );
}
