import { Link } from '@tanstack/react-router';
import type { AnswerOf } from '../../api/ask.js';
import { bytes } from '../../ui/number.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly overview: AnswerOf<'project.overview'>;
}

/** The project in numbers. Those that a list has lead to it. */
export function Counts({ project, overview: { experiments, jobs, stored_bytes, members } }: Props) {
  return (
    <ul className={styles.counts} aria-label="In numbers">
      <li>
        <Link to="/p/$project/experiments" params={{ project }} className={styles.count}>
          <Figure value={experiments.total} one="experiment" many="experiments" />
        </Link>
      </li>
      <li>
        <Link to="/p/$project/experiments" params={{ project }} search={{ status: 'active' }} className={styles.count}>
          <Figure value={experiments.active} one="active experiment" many="active experiments" />
        </Link>
      </li>
      <li className={styles.count}>
        <Figure value={jobs.live} one="job runs" many="jobs run" />
      </li>
      <li className={styles.count}>
        <Figure value={jobs.queued} one="job waits" many="jobs wait" />
      </li>
      <li className={styles.count}>
        <Figure value={jobs.failed_24h} one="job failed in 24 hours" many="jobs failed in 24 hours" />
      </li>
      <li>
        <Link to="/p/$project/members" params={{ project }} className={styles.count}>
          <Figure value={members} one="member" many="members" />
        </Link>
      </li>
      <li className={styles.count}>
        <strong>{bytes(stored_bytes)}</strong> <span>of models</span>
      </li>
    </ul>
  );
}

const Figure = ({ value, one, many }: { value: number; one: string; many: string }) => (
  <>
    <strong>{value.toLocaleString('en')}</strong> <span>{value === 1 ? one : many}</span>
  </>
);
