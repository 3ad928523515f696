import type { ReactNode } from 'react';
import styles from './job-status.module.css';

export interface Look {
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'busy' | 'still';
  readonly shape: ReactNode;
}

/** How a job stands, in a word, a shape and a colour; each of them tells it alone. */
export const jobLooks: Readonly<Record<string, Look>> = {
  INITIALIZED: { word: 'Queued', tone: 'still', shape: <circle cx="8" cy="8" r="5" strokeDasharray="2.6 2.6" /> },
  IN_PROGRESS: { word: 'Training', tone: 'busy', shape: <path d="M5 3.5v9l7-4.5z" fill="currentColor" /> },
  AGGREGATION_IN_PROGRESS: { word: 'Aggregating', tone: 'busy', shape: <path d="M2.5 4l5.5 4 5.5-4M8 8v6" /> },
  COMPLETED: { word: 'Completed', tone: 'good', shape: <path d="M3 8.5l3.5 3.5L13 4.5" /> },
  CANCELLED: { word: 'Cancelled', tone: 'still', shape: <path d="M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM4.2 4.2l7.6 7.6" /> },
  FAILED: { word: 'Failed', tone: 'bad', shape: <path d="M4 4l8 8M12 4l-8 8" /> },
};

export const JobStatus = ({ status, children }: { status: string; children?: ReactNode }) => <Standing look={jobLooks[status] ?? { word: status, tone: 'still', shape: null }}>{children}</Standing>;

/** The same of whatever else stands somehow. */
export function Standing({ look, children }: { look: Look; children?: ReactNode }) {
  return (
    <span className={styles.status} data-tone={look.tone}>
      <Shape>{look.shape}</Shape>
      <span>
        {look.word}
        {children}
      </span>
    </span>
  );
}

/** A mark of 16 px beside a word that says the same. */
export const Shape = ({ children }: { children: ReactNode }) => (
  <svg viewBox="0 0 16 16" width="14" height="14" className={styles.shape} aria-hidden="true">
    {children}
  </svg>
);
