import type { Experiment } from '../../../api/experiment.js';
import { number } from '../../../ui/number.js';
import { Time } from '../../../ui/time.js';
import styles from './page.module.css';

type Series = Experiment['series'][number];

/** Jobs that were asked for together and have a rule by which the rest of them is cancelled: how far each is with that. */
export function SeriesList({ series }: { series: readonly Series[] }) {
  const ruled = series.filter(({ stop_when }) => stop_when !== null);
  if (ruled.length === 0) return null;
  return (
    <section aria-labelledby="series" className={styles.jobs}>
      <h2 id="series">Early stopping</h2>
      <ul className={styles.series}>
        {ruled.map((one) => (
          <li key={one.series_id}>
            <strong>{one.status === 'running' ? 'Running' : one.status === 'stopped' ? 'Stopped' : 'Ended'}</strong>: {one.num_ended} of {one.num_jobs} jobs, asked for <Time at={one.created_at} />. {ruleOf(one)}
            {one.best && ` Best so far: ${number(one.best.value)} in job ${one.best.sequence}${one.stalled > 0 ? `, no better for ${one.stalled}` : ''}.`}
            {one.stopped && ` ${capital(one.stopped.reason)}.`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ruleOf({ stop_when }: Series): string {
  if (!stop_when) return '';
  const { metric, mode, patience, min_delta, threshold } = stop_when;
  const parts = [
    ...(patience === null ? [] : [`${metric} has not become ${mode === 'min' ? 'less' : 'more'}${min_delta > 0 ? ` by more than ${number(min_delta)}` : ''} for ${patience} ${patience === 1 ? 'job' : 'jobs'}`]),
    ...(threshold === null ? [] : [`${metric} is ${number(threshold)} or ${mode === 'min' ? 'less' : 'more'}`]),
  ];
  return `Stops when ${parts.join(', or ')}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
