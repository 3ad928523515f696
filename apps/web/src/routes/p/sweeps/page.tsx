import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { pages } from '../../../api/pages.js';
import { useProject } from '../../../api/project.js';
import { buttonClass } from '../../../ui/button.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { NoSweeps } from './no-sweeps.js';
import { SweepTable } from './table.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/sweeps');

/** The sweeps of a project, newest first. */
export default function SweepsPage() {
  useTitle('Sweeps');
  const { project } = route.useParams();
  const { mayWrite } = useProject(project);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(pages('sweep.list', { project_id: project, limit: 50 }));
  return (
    <>
      <div className={styles.head}>
        <h1>Sweeps</h1>
        {mayWrite && (
          <Link to="/p/$project/sweeps/new" params={{ project }} search={{}} className={buttonClass}>
            New sweep
          </Link>
        )}
      </div>
      {error && !data && <ErrorPanel what="The sweeps" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={6} height="2.75rem" />}
      {data?.length === 0 && <NoSweeps />}
      {data && data.length > 0 && <SweepTable project={project} sweeps={data} more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined} />}
    </>
  );
}
