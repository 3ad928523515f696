import { lazy, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { Late } from '../../../../ui/late.js';
import { curveOf, type Series } from './curve-of.js';
import type { MetricsSearch } from './search.js';
import { readOut, summaryOf } from './summary.js';
import styles from './page.module.css';

/** What draws comes after what is said in words, and not at all for who wants the table. */
const Curve = lazy(async () => ({ default: (await import('../../../../chart/curve.js')).Curve }));

interface Props {
  readonly series: Series;
  readonly name: string;
  readonly look: MetricsSearch;
}

/** A metric over the jobs, which can be read point by point with ← and →. */
export function MetricChart({ series, name, look: { x, scale, smooth } }: Props) {
  const id = useId();
  const metric = series.metrics[name]!;
  const { shape, entries, hidden } = useMemo(() => curveOf(series, metric, { x, scale, smooth }), [series, metric, x, scale, smooth]);
  const [chosen, setChosen] = useState<number>();
  const last = entries.length - 1;
  const at = Math.min(chosen ?? last, last);
  // Whoever has not moved stays at the last one, also when another one comes.
  const move = (next: number) => void (next !== at && setChosen(next));
  const says = entries.length === 0 ? 'No job has ended yet.' : readOut(series, metric, entries[at]!, smooth === undefined ? undefined : shape.main[at]);
  const steps: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
  const step = (event: KeyboardEvent) => {
    const next = steps[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(last, next)));
  };
  return (
    <figure className={styles.figure} aria-labelledby={`${id}-name`}>
      <figcaption>
        <h3 id={`${id}-name`}>{name}</h3>
        <p id={`${id}-says`}>{summaryOf(series, metric)}</p>
      </figcaption>
      <div
        className={styles.chart}
        tabIndex={0}
        role="slider"
        aria-label={`${name}, job by job`}
        aria-describedby={`${id}-says`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, at)}
        aria-valuetext={says}
        onKeyDown={step}
      >
        <Late>
          <Curve shape={shape} at={at} move={move} />
        </Late>
      </div>
      <p className={styles.read}>{says}</p>
      {hidden > 0 && (
        <p className={styles.note}>
          {hidden === 1 ? 'One job is' : `${hidden.toLocaleString('en')} jobs are`} hidden: a logarithmic axis can’t show values of 0 or less.
        </p>
      )}
    </figure>
  );
}
