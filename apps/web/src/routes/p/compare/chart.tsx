import { lazy, useMemo, useState, type KeyboardEvent } from 'react';
import { Late } from '../../../ui/late.js';
import { curvesOf } from './curves-of.js';
import type { Compared, ComparisonSearch } from './search.js';
import styles from './page.module.css';

/** What draws comes after what is said in words. */
const LineChart = lazy(async () => ({ default: (await import('../../../chart/lines.js')).LineChart }));

interface Props {
  readonly experiments: readonly Compared[];
  readonly metric: string;
  readonly look: ComparisonSearch;
  /** The experiment that is looked at. */
  readonly raised: number | undefined;
}

/** One metric of all of them, which can be read place by place with ← and →. */
export function ComparisonChart({ experiments, metric, look: { x, scale }, raised }: Props) {
  const { lines, read, hidden } = useMemo(() => curvesOf(experiments, metric, { x, scale }), [experiments, metric, x, scale]);
  const [chosen, setChosen] = useState<number>();
  const last = Math.max(0, lines.x.length - 1);
  const at = Math.min(chosen ?? last, last);
  const says = read(at);
  // Whoever has not moved stays at the last one, also when another one comes.
  const move = (next: number) => void (next !== at && setChosen(next));
  const steps: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
  const step = (event: KeyboardEvent) => {
    const next = steps[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(last, next)));
  };
  return (
    <>
      <div className={styles.chart} tabIndex={0} role="slider" aria-label={`${metric} of all, place by place`} aria-valuemin={0} aria-valuemax={last} aria-valuenow={at} aria-valuetext={says} onKeyDown={step}>
        <Late>
          <LineChart lines={lines} at={at} move={move} raised={raised} />
        </Late>
      </div>
      <p className={styles.read}>{says}</p>
      {hidden > 0 && (
        <p className={styles.note}>
          {hidden === 1 ? 'One value is' : `${hidden.toLocaleString('en')} values are`} hidden: a logarithmic axis can’t show 0 or less.
        </p>
      )}
    </>
  );
}
