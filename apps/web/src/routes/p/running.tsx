import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../../api/ask.js';
import { ErrorPanel } from '../../ui/error-panel.js';
import { JobStatus } from '../../ui/job-status.js';
import { Skeleton } from '../../ui/skeleton.js';
import styles from './page.module.css';

/** The experiments in which a job runs or waits, and how far it is. */
export function Running({ project }: { project: string }) {
  const { data, error, refetch } = useQuery(ask('experiment.list', { project_id: project, status: 'active', sort: 'updated', limit: 10 }));
  return (
    <section className={styles.part} aria-labelledby="running">
      <h2 id="running">Running</h2>
      {error && !data && <ErrorPanel what="What runs" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={3} height="2rem" />}
      {data?.data.length === 0 && <p className={styles.none}>No job runs or waits.</p>}
      {data && data.data.length > 0 && (
        <ul className={styles.list}>
          {data.data.map(({ experiment_id, name, live_job }) => (
            <li key={experiment_id} className={styles.row}>
              <Link to="/p/$project/e/$experiment" params={{ project, experiment: experiment_id }} className={styles.name}>
                {name ?? experiment_id.slice(0, 8)}
              </Link>
              {live_job ? (
                <>
                  <JobStatus status={live_job.status}> job {live_job.sequence}</JobStatus>
                  <span>
                    {live_job.num_updates} of {live_job.num_devices} updates
                  </span>
                </>
              ) : (
                <JobStatus status="INITIALIZED" />
              )}
            </li>
          ))}
        </ul>
      )}
      {data && data.total > data.data.length && (
        <Link to="/p/$project/experiments" params={{ project }} search={{ status: 'active' }}>
          All {data.total.toLocaleString('en')} active experiments
        </Link>
      )}
    </section>
  );
}
