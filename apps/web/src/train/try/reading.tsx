import styles from './try.module.css';

/** What the model takes a digit for. */
export function Reading({ reading, truth }: { reading: readonly number[] | undefined; truth: number | undefined }) {
  const best = reading ? reading.indexOf(Math.max(...reading)) : undefined;
  return (
    <div className={styles.reading}>
      <p className={styles.says} role="status">
        {best === undefined ? 'Draw a digit, or pick one.' : `It reads a ${best}${truth === undefined ? '' : truth === best ? ', and it is one.' : `; it is a ${truth}.`}`}
      </p>
      <ol className={styles.bars} aria-label="How sure it is of each digit">
        {Array.from({ length: 10 }, (_, digit) => (
          <li key={digit} className={styles.row} data-is-best={digit === best}>
            <span>{digit}</span>
            <progress max={1} value={reading?.[digit] ?? 0} aria-label={`a ${digit}`} />
            <span className={styles.percent}>{reading ? `${Math.round(100 * reading[digit]!)} %` : ''}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
