import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask, type AnswerOf } from '../../api/ask.js';
import { ErrorPanel } from '../../ui/error-panel.js';
import { JobStatus } from '../../ui/job-status.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Time } from '../../ui/time.js';
import styles from './page.module.css';

/** Among how many experiments, those that changed last, failures are looked for; and how many are shown. */
const AMONG = 100;
const SHOWN = 5;

/** The experiments whose last job failed, and why it did: what waits for somebody to look at it. */
export function Failures({ project }: { project: string }) {
  const { data, error, refetch } = useQuery(ask('experiment.list', { project_id: project, sort: 'updated', limit: AMONG }));
  const failed = failuresOf(data?.data ?? []);
  return (
    <section className={styles.part} aria-labelledby="failures">
      <h2 id="failures">Latest failures</h2>
      {error && !data && <ErrorPanel what="What failed" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={3} height="2rem" />}
      {data && failed.length === 0 && <p className={styles.none}>No experiment{data.total > AMONG ? ` of the last ${AMONG}` : ''} ended its last job with a failure.</p>}
      {failed.length > 0 && (
        <ul className={styles.list}>
          {failed.map(({ experiment_id, name, last_job }) => (
            <li key={experiment_id} className={styles.row}>
              <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment: experiment_id, number: String(last_job.sequence) }} className={styles.name}>
                {name ?? experiment_id.slice(0, 8)}, job {last_job.sequence}
              </Link>
              <JobStatus status={last_job.status} />
              {last_job.ended_at !== null && <Time at={last_job.ended_at} />}
              <span className={styles.reason}>{last_job.reason ?? 'No reason was given.'}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function failuresOf(rows: AnswerOf<'experiment.list'>['data']) {
  return rows
    .flatMap(({ last_job, ...row }) => (last_job?.status === 'FAILED' ? [{ ...row, last_job }] : []))
    .sort((one, other) => (other.last_job.ended_at ?? '').localeCompare(one.last_job.ended_at ?? ''))
    .slice(0, SHOWN);
}
