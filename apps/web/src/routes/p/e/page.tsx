import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../../api/ask.js';
import { describeExperiment } from '../../../api/experiment.js';
import { pages } from '../../../api/pages.js';
import { useProject } from '../../../api/project.js';
import { Lane } from '../../../lane/lane.js';
import { Button } from '../../../ui/button.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { AddJobs } from './add-jobs.js';
import { Facts } from './facts.js';
import { SeriesList } from './series.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/e/$experiment/');

/** Of so many jobs, the newest, it is shown when each update arrived. */
const WITH_UPDATES = 20;

export default function ExperimentPage() {
  const { project, experiment } = route.useParams();
  const { by = 'time' } = route.useSearch();
  const navigate = route.useNavigate();
  const { mayWrite } = useProject(project);
  const { data: described } = useQuery(describeExperiment(project, experiment));
  const { data: newest } = useQuery(ask('experiment.describe', { project_id: project, experiment_id: experiment, limit: WITH_UPDATES }));
  const { data: jobs, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(pages('job.list', { project_id: project, experiment_id: experiment, limit: 200 }));
  useTitle(described ? (described.name ?? experiment.slice(0, 8)) : undefined);

  const updates = new Map(newest?.jobs.data.map(({ job_id, devices }) => [job_id, devices.flatMap(({ submitted_at }) => (submitted_at === null ? [] : [Date.parse(submitted_at)]))]));
  return (
    <>
      {described ? <Facts experiment={described} mayWrite={mayWrite} /> : <Skeleton lines={2} height="3rem" />}
      {described && mayWrite && <AddJobs project={project} experiment={experiment} hasModel={described.start_model !== null} />}
      {described && <SeriesList series={described.series} />}
      <section aria-labelledby="jobs" className={styles.jobs}>
        <h2 id="jobs">Jobs</h2>
        {error && !jobs && <ErrorPanel what="The jobs" error={error} again={() => void refetch()} />}
        {!error && !jobs && <Skeleton lines={4} height="2.25rem" />}
        {jobs?.length === 0 && <p className={styles.empty}>No job yet. A job draws devices, has each train the model on its own data, and makes one model of what they send.</p>}
        {jobs && jobs.length > 0 && (
          <Lane project={project} experiment={experiment} jobs={jobs} updates={updates} by={by} choose={(next) => void navigate({ search: { by: next === 'number' ? 'number' : undefined }, replace: true, resetScroll: false })} />
        )}
        {hasNextPage && (
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older jobs
          </Button>
        )}
      </section>
    </>
  );
}
