import { useState } from 'react';
import { inputClass } from '../../../../ui/field.js';
import { MOST_CHARTS } from './search.js';
import styles from './page.module.css';

/** So many are listed; a search finds the others. */
const MOST_LISTED = 40;

interface Props {
  readonly names: readonly string[];
  readonly shown: readonly string[];
  readonly choose: (names: string[]) => void;
}

/** Which metrics have a chart: one at least, six at most. */
export function ChooseMetrics({ names, shown, choose }: Props) {
  const [search, setSearch] = useState('');
  const found = names.filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <div className={styles.choose}>
      <input className={inputClass} type="search" aria-label="Search metrics" placeholder="Search metrics" value={search} onChange={({ target }) => setSearch(target.value)} />
      <p className={styles.note}>Up to {MOST_CHARTS} have a chart.</p>
      <ul>
        {found.slice(0, MOST_LISTED).map((name) => {
          const isShown = shown.includes(name);
          return (
            <li key={name}>
              <label className={styles.metric}>
                <input
                  type="checkbox"
                  checked={isShown}
                  disabled={isShown ? shown.length === 1 : shown.length >= MOST_CHARTS}
                  onChange={() => choose(isShown ? shown.filter((one) => one !== name) : [...shown, name])}
                />
                {name}
              </label>
            </li>
          );
        })}
      </ul>
      {found.length > MOST_LISTED && <p className={styles.note}>{(found.length - MOST_LISTED).toLocaleString('en')} more: search for them.</p>}
      {found.length === 0 && <p className={styles.note}>No metric is called so.</p>}
    </div>
  );
}
