import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ask } from '../../../../api/ask.js';
import { describeExperiment } from '../../../../api/experiment.js';
import { jobByNumber } from '../../../../api/job.js';
import { useKey } from '../../../../app/keys/use-key.js';
import { buttonClass } from '../../../../ui/button.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Notice } from '../../../../ui/notice.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { useTitle } from '../../../../ui/title.js';
import { Counts } from './counts.js';
import { Devices } from './devices.js';
import { JobActions } from './job-actions.js';
import { JobFacts } from './job-facts.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/e/$experiment/j/$number');

export default function JobPage() {
  const { project, experiment, number } = route.useParams();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const id = useQuery(jobByNumber(project, experiment, Number(number)));
  const job_id = id.data ?? '';
  const job = useQuery({ ...ask('job.describe', { project_id: project, job_id }), enabled: job_id !== '' });
  useTitle(`Job ${number}`);
  const error = id.error ?? job.error;

  return (
    <>
      <div className={styles.head}>
        <h2>Job {number}</h2>
        <Neighbours project={project} experiment={experiment} number={Number(number)} />
      </div>
      {id.data === null && <Notice title={`There is no job ${number}`}><p>This experiment has fewer jobs.</p></Notice>}
      {error && !job.data && <ErrorPanel what={`Job ${number}`} error={error} again={() => void (id.data === undefined ? id : job).refetch()} />}
      {!error && id.data !== null && !job.data && <Skeleton lines={4} height="3rem" />}
      {job.data && (
        <>
          <JobFacts job={job.data} />
          <JobActions project={project} job={job.data} />
          <Counts counts={job.data.device_counts} chosen={state} choose={(next) => void navigate({ search: { state: next }, replace: true, resetScroll: false })} />
          <Devices key={job_id} project={project} job_id={job_id} state={state} />
        </>
      )}
    </>
  );
}

/** The way to the job before and the one after, by links and by the keys [ and ]. */
function Neighbours({ project, experiment, number }: { project: string; experiment: string; number: number }) {
  const { data } = useQuery(describeExperiment(project, experiment));
  const navigate = route.useNavigate();
  const count = data?.num_jobs ?? number;
  const go = (to: number) => {
    if (to >= 1 && to <= count) void navigate({ to: '.', params: { project, experiment, number: String(to) }, search: {} });
  };
  useKey('[', 'Job before', () => go(number - 1));
  useKey(']', 'Next job', () => go(number + 1));
  return (
    <nav aria-label="Jobs" className={styles.neighbours}>
      {[[number - 1, '← Job '], [number + 1, 'Job ']].map(
        ([to, label]) =>
          Number(to) >= 1 &&
          Number(to) <= count && (
            <Link key={to} to="/p/$project/e/$experiment/j/$number" params={{ project, experiment, number: String(to) }} className={buttonClass}>
              {label}
              {to}
              {Number(to) > number && ' →'}
            </Link>
          ),
      )}
    </nav>
  );
}
