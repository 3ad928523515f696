import type { ReactNode } from 'react';
import { isOver, type JobInFull } from '../../../../api/job.js';
import { CopyButton } from '../../../../ui/copy-button.js';
import { JobStatus } from '../../../../ui/job-status.js';
import { useNow } from '../../../../ui/now.js';
import { bytes, number } from '../../../../ui/number.js';
import { duration, Time } from '../../../../ui/time.js';
import styles from './page.module.css';

export function JobFacts({ job }: { job: JobInFull }) {
  const { status, reason, num_updates, num_devices, num_buffer_devices, waiting_for, mean, num_examples, aggregate_model, aggregation, created_at } = job;
  return (
    <>
      <dl className={styles.facts}>
        {job.kind === 'EVALUATE' && <Fact name="Kind">evaluation</Fact>}
        <Fact name="State">
          <JobStatus status={status} />
        </Fact>
        <Fact name={job.kind === 'EVALUATE' ? 'Answers' : 'Updates'}>
          {num_updates} of {num_devices}
          {num_buffer_devices > 0 && `, ${num_buffer_devices} spare`}
          {job.min_devices !== null && `, ${job.min_devices} are enough when its time is up`}
        </Fact>
        {job.device_ids && <Fact name="Drawn from">{job.device_ids.length} named devices</Fact>}
        {job.device_labels && <Fact name="Drawn from">{`devices with ${job.device_labels.join(', ')}`}</Fact>}
        <Fact name="Took">
          <Took job={job} />
        </Fact>
        <Fact name="Created">
          <Time at={created_at} />
        </Fact>
        {num_examples !== null && <Fact name="Examples">{num_examples.toLocaleString('en')}</Fact>}
        {Object.entries(mean).map(([name, value]) => (
          <Fact key={name} name={`Mean ${name}`}>
            {number(value)}
          </Fact>
        ))}
        {aggregate_model && <Fact name="Aggregate">{bytes(aggregate_model.size)}</Fact>}
        <Fact name="Id">
          <code>{job.job_id.slice(0, 8)}</code> <CopyButton text={job.job_id} what="job id" />
        </Fact>
      </dl>
      {reason !== null && <p className={styles.reason}>{reason}</p>}
      {waiting_for !== null && <p className={styles.waiting}>{waiting_for}</p>}
      {aggregation?.last_error && <p className={styles.reason}>Aggregation failed {aggregation.attempts} times. The last error: {aggregation.last_error}</p>}
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** How long it took, or how long it has been going on and when it ends by itself. */
function Took({ job: { started_at, ended_at, deadline_at, status } }: { job: JobInFull }) {
  const now = useNow(1000);
  if (started_at === null) return 'not started';
  const seconds = ((ended_at === null ? now : Date.parse(ended_at)) - Date.parse(started_at)) / 1000;
  const left = deadline_at === null || isOver(status) ? undefined : (Date.parse(deadline_at) - now) / 1000;
  return `${duration(seconds)}${left === undefined ? '' : `, ends by itself in ${duration(Math.max(0, left))}`}`;
}
