import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ask } from '../../../api/ask.js';
import { sweepName } from '../../../api/sweep.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { Actions } from './actions.js';
import { Facts } from './facts.js';
import { Ranking } from './table.js';
import { useTold } from './use-told.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/s/$sweep');

/** A sweep: how its forks do against each other. */
export default function SweepPage() {
  const { project, sweep: sweep_id } = route.useParams();
  const { data: sweep, error, refetch } = useQuery(ask('sweep.describe', { project_id: project, sweep_id }));
  useTitle(sweep && sweepName(sweep));
  useTold(sweep);
  return (
    <>
      <header className={styles.head}>
        <p className={styles.path}>
          <Link to="/p/$project/sweeps" params={{ project }}>
            Sweeps
          </Link>
        </p>
        <h1>{sweep ? sweepName(sweep) : error ? 'Sweep' : '…'}</h1>
      </header>
      {error && !sweep && <ErrorPanel what="The sweep" error={error} again={() => void refetch()} />}
      {!error && !sweep && <Skeleton lines={6} height="2.75rem" />}
      {sweep && (
        <>
          <Facts project={project} sweep={sweep} />
          <Actions project={project} sweep={sweep} />
          <section aria-labelledby="forks" className={styles.forks}>
            <h2 id="forks">Forks, the best one first</h2>
            {sweep.members.length === 0 ? <p className={styles.empty}>All of its forks have been deleted.</p> : <Ranking project={project} sweep={sweep} />}
          </section>
        </>
      )}
    </>
  );
}
