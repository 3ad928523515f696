import styles from './skeleton.module.css';

/** The place of what is on its way, as large as it will be. It shows after a moment only: most of it is here before. */
export function Skeleton({ lines = 3, height = '1.25rem' }: { lines?: number; height?: string }) {
  return (
    <div className={styles.skeleton} aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={styles.line} style={{ height }} />
      ))}
    </div>
  );
}
