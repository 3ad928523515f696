import { NotFound } from '@vergeai/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { describeExperiment } from '../../../api/experiment.js';
import type { Sweep } from '../../../api/sweep.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { number } from '../../../ui/number.js';
import { SweepStatus } from '../../../ui/sweep-status.js';
import { Time } from '../../../ui/time.js';
import { triedPaths } from './ranking.js';
import styles from './page.module.css';

/** What was asked for, and how far it is. */
export function Facts({ project, sweep }: { project: string; sweep: Sweep }) {
  const { sweep_id, experiment_id, status, metric, mode, method, seed, members, num_jobs, job, created_at, cancelled_at } = sweep;
  const [ended, all] = members.reduce(([some, sum], one) => [some + one.num_ended, sum + one.num_jobs], [0, 0]);
  const same = triedPaths(sweep).filter(({ word }) => word !== undefined);
  return (
    <dl className={styles.facts}>
      <Fact name="State">
        <SweepStatus status={status} />
        {cancelled_at !== null && (
          <>
            , <Time at={cancelled_at} />
          </>
        )}
      </Fact>
      <Fact name="Jobs that have ended">
        {ended.toLocaleString('en')} of {all.toLocaleString('en')}
      </Fact>
      <Fact name="Ranked by">
        the best {metric}: the {mode === 'min' ? 'lowest' : 'highest'}
      </Fact>
      <Fact name="Tried">{method === 'grid' ? 'every combination' : `at random, by the seed ${seed}`}</Fact>
      {same.length > 0 && <Fact name="The same in all">{same.map(({ path, word }) => `${path} ${word}`).join(', ')}</Fact>}
      <Fact name="Each fork">
        {num_jobs === 1 ? '1 job' : `${num_jobs} jobs`} of {job.num_devices === 1 ? '1 device' : `${job.num_devices} devices`}
        {job.stop_when && job.stop_when.patience !== null && `, until ${job.stop_when.metric} is no better for ${job.stop_when.patience}`}
        {job.stop_when && job.stop_when.threshold !== null && `, until ${job.stop_when.metric} is ${number(job.stop_when.threshold)}`}
      </Fact>
      <Fact name="Forked from">
        <Forked project={project} experiment={experiment_id} />
      </Fact>
      <Fact name="Made">
        <Time at={created_at} />
      </Fact>
      <Fact name="Id">
        <code>{sweep_id.slice(0, 8)}</code> <CopyButton text={sweep_id} what="sweep id" />
      </Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** The experiment may have been deleted since. */
function Forked({ project, experiment }: { project: string; experiment: string }) {
  const { data, error } = useQuery(describeExperiment(project, experiment));
  if (error instanceof NotFound) return <>an experiment that was deleted</>;
  return (
    <Link to="/p/$project/e/$experiment" params={{ project, experiment }}>
      {data?.name ?? experiment.slice(0, 8)}
    </Link>
  );
}
