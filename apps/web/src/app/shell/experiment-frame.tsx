import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { describeExperiment } from '../../api/experiment.js';
import { ErrorPanel } from '../../ui/error-panel.js';
import { experimentSections } from './experiment-sections.js';
import styles from './experiment-frame.module.css';

const route = getRouteApi('/in/p/$project/e/$experiment');

/** What stands around every page of an experiment: what it is called, and the way to its parts. */
export function ExperimentFrame() {
  const { project, experiment } = route.useParams();
  const { data, error, refetch } = useQuery(describeExperiment(project, experiment));
  if (error && !data) return <ErrorPanel isPage what="The experiment" error={error} again={() => void refetch()} />;
  return (
    <>
      <header className={styles.head}>
        <p className={styles.path}>
          <Link to="/p/$project/experiments" params={{ project }}>
            Experiments
          </Link>
        </p>
        <h1>{data ? (data.name ?? experiment.slice(0, 8)) : '…'}</h1>
        {data && (data.tags.length > 0 || data.archived_at !== null) && (
          <p className={styles.tags}>
            {data.archived_at !== null && <span>archived</span>}
            {data.tags.map((tag) => (
              <Link key={tag} to="/p/$project/experiments" params={{ project }} search={{ tag }}>
                {tag}
              </Link>
            ))}
          </p>
        )}
        {data?.description && <p className={styles.description}>{data.description}</p>}
      </header>
      {experimentSections.length > 1 && (
        <nav aria-label="Experiment">
          <ul className={styles.sections}>
            {experimentSections.map(({ to, label }) => (
              <li key={label}>
                <Link to={to} params={{ project, experiment }} className={styles.section} activeProps={{ className: styles.here }} activeOptions={{ exact: true, includeSearch: false }}>
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <Outlet />
    </>
  );
}
