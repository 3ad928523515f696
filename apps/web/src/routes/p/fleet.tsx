import type { AnswerOf } from '../../api/ask.js';
import styles from './page.module.css';

type Devices = AnswerOf<'project.overview'>['devices'];

const PRESENCES = [
  { presence: 'online', word: 'online' },
  { presence: 'late', word: 'late' },
  { presence: 'offline', word: 'offline' },
  { presence: 'never_seen', word: 'never seen' },
] as const;

/** Squares in a row, and the most that are drawn: beyond, each stands for more devices than one. */
const COLUMNS = 50;
const MOST = 1000;

/** Which devices are there: in words, and as one square a device. */
export function Fleet({ devices }: { devices: Devices }) {
  const each = Math.max(1, Math.ceil(devices.total / MOST));
  return (
    <section className={styles.part} aria-labelledby="fleet">
      <h2 id="fleet">Devices</h2>
      {devices.total === 0 ? (
        <p className={styles.none}>None yet. “Train here” makes this tab one.</p>
      ) : (
        <>
          <p>
            {devices.total.toLocaleString('en')} in all, {devices.busy.toLocaleString('en')} busy
          </p>
          <ul className={styles.presences}>
            {PRESENCES.map(({ presence, word }) => (
              <li key={presence} className={styles.presence} data-presence={presence}>
                <svg viewBox="0 0 10 10" width="12" height="12" aria-hidden="true">
                  <path d={squares(0, 1)} />
                </svg>
                {devices[presence].toLocaleString('en')} {word}
              </li>
            ))}
          </ul>
          <Squares devices={devices} each={each} />
          {each > 1 && <p className={styles.none}>A square is {each} devices.</p>}
        </>
      )}
    </section>
  );
}

function Squares({ devices, each }: { devices: Devices; each: number }) {
  const sizes = PRESENCES.map(({ presence }) => Math.ceil(devices[presence] / each));
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((all, one) => all + one, 0));
  const rows = Math.ceil(sizes.reduce((all, one) => all + one, 0) / COLUMNS);
  return (
    <svg viewBox={`0 0 ${COLUMNS * 10} ${rows * 10}`} className={styles.squares} aria-hidden="true">
      {PRESENCES.map(({ presence }, index) => (
        <path key={presence} data-presence={presence} d={squares(starts[index]!, sizes[index]!)} />
      ))}
    </svg>
  );
}

/** The outline of `count` squares from place `start` on. */
const squares = (start: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `M${((start + index) % COLUMNS) * 10 + 1.5} ${Math.floor((start + index) / COLUMNS) * 10 + 1.5}h7v7h-7z`).join('');
