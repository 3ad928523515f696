import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { isAtWork, useTabDevices } from '../../train-worker/page/tab-devices.js';
import { Button } from '../../ui/button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { Field } from '../../ui/field.js';
import { JobStatus } from '../../ui/job-status.js';
import { say } from '../../ui/live-region.js';
import { isOver, jobsOf, type Job, type Which } from '../experiment.js';
import styles from './jobs.module.css';

/** A device that was drawn and does not come has left; another one may take its place soon. */
const DEVICE_TIMEOUT_SEC = 20;

/** Adds jobs for all devices of this tab, and tells how those go that there are. */
export function TrainJobs({ which, jobs }: { which: Which; jobs: readonly Job[] }) {
  const devices = useTabDevices(which.project_id).filter((device) => isAtWork(device) && device.standing !== 'finishing' && device.deviceId !== undefined);
  const [count, setCount] = useState(5);
  const queries = useQueryClient();
  const train = useMutation({
    mutationFn: () => api.Job.create_series({ ...which, num_devices: devices.length, count, device_timeout_sec: DEVICE_TIMEOUT_SEC }),
    onSuccess: () => {
      say(count === 1 ? '1 job was added.' : `${count} jobs were added.`);
      return queries.invalidateQueries({ queryKey: jobsOf(which).queryKey });
    },
  });
  const open = jobs.filter((job) => !isOver(job));
  const cancel = useMutation({
    // The last first: of those that are left, none is to begin.
    mutationFn: async () => {
      for (const { job_id } of open.toReversed()) await api.Job.cancel({ project_id: which.project_id, job_id });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: jobsOf(which).queryKey }),
  });
  return (
    <div className={styles.jobs}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          train.mutate();
        }}
      >
        <Field label="How many jobs" type="number" className={styles.count} min={1} max={100} required value={count} onChange={({ target }) => setCount(Math.trunc(target.valueAsNumber) || 1)} />
        <Button type="submit" look="main" disabled={devices.length === 0 || train.isPending}>
          {count === 1 ? 'Train 1 job' : `Train ${count} jobs`}
        </Button>
        {open.length > 0 && (
          <Button disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel {open.length === 1 ? 'the job' : `${open.length} jobs`}
          </Button>
        )}
      </form>
      <p className={styles.hint}>{devices.length === 0 ? 'Start devices first: they train the jobs.' : 'In a job each device trains the same model on its own examples; the server makes one model of theirs, which the next job starts from.'}</p>
      {train.error && <ErrorText error={train.error} />}
      {jobs.length > 0 && <JobLine jobs={jobs} />}
    </div>
  );
}

/** So many of the last are told. */
const MOST_SHOWN = 20;

function JobLine({ jobs }: { jobs: readonly Job[] }) {
  return (
    <ol className={styles.line} aria-label="Jobs">
      {jobs.slice(-MOST_SHOWN).map(({ job_id, sequence, status, reason, num_updates, num_devices }) => (
        <li key={job_id} className={styles.job}>
          <span>Job {sequence}</span> <JobStatus status={status}>{status === 'IN_PROGRESS' && `, ${num_updates} of ${num_devices} models here`}</JobStatus>
          {reason && <span className={styles.reason}>{reason}</span>}
        </li>
      ))}
    </ol>
  );
}
