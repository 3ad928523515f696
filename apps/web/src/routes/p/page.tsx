import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../api/ask.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ErrorPanel } from '../../ui/error-panel.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useTitle } from '../../ui/title.js';
import { Counts } from './counts.js';
import { Failures } from './failures.js';
import { Fleet } from './fleet.js';
import { Running } from './running.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/');

/** A project at a glance: how much there is, which devices are there, what runs, and what failed. */
export default function ProjectPage() {
  const { project } = route.useParams();
  const { data, error, refetch } = useQuery(ask('project.overview', { project_id: project }));
  useTitle(data?.name);
  if (error && !data) return <ErrorPanel isPage what="The project" error={error} again={() => void refetch()} />;
  return (
    <>
      <header className={styles.head}>
        <h1>{data?.name ?? 'Project'}</h1>
        {data?.description && <p className={styles.description}>{data.description}</p>}
        <p className={styles.id}>
          Its id, as the API takes it: <code>{project}</code> <CopyButton text={project} what="project id" />
        </p>
      </header>
      {data ? (
        <>
          <Counts project={project} overview={data} />
          <Fleet devices={data.devices} />
        </>
      ) : (
        <Skeleton lines={3} height="4rem" />
      )}
      <Running project={project} />
      <Failures project={project} />
    </>
  );
}
