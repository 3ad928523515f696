import type { JobInFull } from '../../../../api/job.js';
import { meaningOf, standings, type Standing } from './standings.js';
import styles from './page.module.css';

interface Props {
  readonly counts: JobInFull['device_counts'];
  readonly chosen: Standing | undefined;
  readonly choose: (standing: Standing | undefined) => void;
}

/** How many devices stand how, as a bar and in words. Each is a filter of what is listed below. */
export function Counts({ counts, chosen, choose }: Props) {
  const there = standings.filter((standing) => counts[standing] > 0 || standing === chosen);
  const total = there.reduce((sum, standing) => sum + counts[standing], 0);
  if (total === 0) return null;
  return (
    <section aria-labelledby="devices" className={styles.counts}>
      <h2 id="devices">Devices</h2>
      <div className={styles.strip} aria-hidden="true">
        {there.map((standing) => (
          <span key={standing} data-tone={meaningOf(standing).tone} style={{ flexGrow: counts[standing] }} />
        ))}
      </div>
      <div className={styles.filters} role="group" aria-label="Which devices are listed">
        <button type="button" className={styles.filter} aria-pressed={chosen === undefined} onClick={() => choose(undefined)}>
          All {total.toLocaleString('en')}
        </button>
        {there.map((standing) => (
          <button key={standing} type="button" className={styles.filter} data-tone={meaningOf(standing).tone} aria-pressed={chosen === standing} onClick={() => choose(chosen === standing ? undefined : standing)}>
            {meaningOf(standing).word} {counts[standing].toLocaleString('en')}
          </button>
        ))}
      </div>
    </section>
  );
}
