import { useEffect, useRef, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onThemeChange } from '../app/theme/theme.js';
import { useWidth } from '../lane/use-width.js';
import { number } from '../ui/number.js';
import { readColours, themeNow } from './colours.js';
import { momentsOf } from './moments.js';
import { WHOLE_STEPS } from './whole-steps.js';
import styles from './chart.module.css';

const HEIGHT = 220;
/** With so many points at most, each has a dot. */
const MOST_DOTS = 60;

type Values = readonly (number | null)[];

export interface Shape {
  /** Ascending: numbers, or seconds since 1970. */
  readonly x: readonly number[];
  readonly isTime: boolean;
  readonly isLog: boolean;
  /** What is drawn thick; null is a gap. */
  readonly main: Values;
  /** What is drawn thin behind it. */
  readonly behind: Values | undefined;
  readonly low: Values;
  readonly high: Values;
  /** Where on the x axis a mark says that there is a gap. */
  readonly marks: readonly number[];
}

interface Props {
  readonly shape: Shape;
  /** The index of the point that is read out. */
  readonly at: number;
  readonly move: (at: number) => void;
}

/** A curve with its band. It only draws: what it says in words, and its keys, are its caller's. */
export function Curve({ shape, at, move }: Props) {
  const [measure, width] = useWidth();
  const host = useRef<HTMLDivElement>(null);
  /** Once it knows where a value is: a cursor that is set before that goes to the first one. */
  const plot = useRef<uPlot>(undefined);
  const theme = useSyncExternalStore(onThemeChange, themeNow);
  const isWide = width > 0;
  const latest = useRef({ at, move, width });
  useEffect(() => {
    latest.current = { at, move, width };
  });
  useEffect(() => {
    if (!host.current || !isWide) return;
    const drawn = draw(host.current, shape, latest.current.width, {
      ready(ready) {
        plot.current = ready;
        pointAt(ready, latest.current.at);
      },
      move: (next) => latest.current.move(next),
    });
    return () => {
      plot.current = undefined;
      drawn.destroy();
    };
    // Its colours are read as it is drawn.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [shape, theme, isWide]);
  useEffect(() => {
    plot.current?.setSize({ width, height: HEIGHT });
  }, [width]);
  useEffect(() => {
    if (plot.current) pointAt(plot.current, at);
  }, [at]);
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

function draw(host: HTMLElement, { x, isTime, isLog, main, behind, low, high, marks }: Shape, width: number, { ready, move }: { ready: (plot: uPlot) => void; move: (at: number) => void }): uPlot {
  const colours = readColours(host);
  const axis = { stroke: colours.text, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1 }, font: '12px system-ui' };
  const edge = { stroke: 'transparent', width: 0, points: { show: false } };
  const dots = (values: Values) => ({ show: true, size: 6, fill: colours.main, filter: () => (x.length <= MOST_DOTS ? null : alone(values)) });
  const options: uPlot.Options = {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      // Onto the nearest job: between two of them there is nothing.
      move: (plot, left, top) => [left < 0 ? left : plot.valToPos(plot.data[0][plot.posToIdx(left)]!, 'x'), top],
    },
    scales: { x: { time: isTime, ...(x.length === 1 && { range: [x[0]! - 1, x[0]! + 1] as [number, number] }) }, y: isLog ? { distr: 3 } : {} },
    axes: [isTime ? { ...axis, space: 90, values: (_plot, splits) => momentsOf(splits) } : { ...axis, incrs: WHOLE_STEPS }, { ...axis, size: 64, values: (_plot, splits) => splits.map((value) => (value === null ? '' : number(value))) }],
    series: [
      {},
      edge,
      edge,
      { stroke: colours.behind, width: 1, points: { show: false } },
      { stroke: colours.main, width: 2.5, points: dots(main) },
    ],
    bands: [{ series: [1, 2], fill: colours.band }],
    hooks: {
      // Only now it knows where a value is.
      ready: [ready],
      setCursor: [({ cursor }) => void (typeof cursor.idx === 'number' && move(cursor.idx))],
      draw: [(plot) => drawMarks(plot, marks, colours.mark)],
    },
  };
  const none = x.map(() => null);
  return new uPlot(options, [x, high, low, behind ?? none, main].map((column) => [...column]) as uPlot.AlignedData, host);
}

/** Points without neighbours, which no line shows. */
const alone = (values: Values): number[] => values.flatMap((value, at) => (value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null ? [at] : []));

/** A cross at the bottom for each. */
function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly number[], colour: string): void {
  const size = 4 * devicePixelRatio;
  const y = bbox.top + bbox.height - 2 * size;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  for (const mark of marks) {
    const x = valToPos(mark, 'x', true);
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.moveTo(x + size, y - size);
    ctx.lineTo(x - size, y + size);
  }
  ctx.stroke();
  ctx.restore();
}
