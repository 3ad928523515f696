import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { selectClass } from '../../../ui/select.js';
import { say } from '../../../ui/live-region.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly hasModel: boolean;
}

/** Adds jobs to the end of the series. */
export function AddJobs({ project, experiment, hasModel }: Props) {
  const queries = useQueryClient();
  const [count, setCount] = useState('1');
  const [devices, setDevices] = useState('1');
  const [spares, setSpares] = useState('0');
  const [metric, setMetric] = useState('');
  const [mode, setMode] = useState<'min' | 'max'>('min');
  const [patience, setPatience] = useState('3');
  const stops = metric !== '' && { stop_when: { metric, mode, patience: Number(patience) } };
  const asked = { project_id: project, experiment_id: experiment, count: Number(count), num_devices: Number(devices), num_buffer_devices: Number(spares), ...stops };
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.Job.create_series(asked),
    async onSuccess({ body }) {
      say(body.job_ids.length === 1 ? 'A job was added.' : `${body.job_ids.length} jobs were added.`);
      await queries.invalidateQueries();
    },
  });
  if (!hasModel) return <p className={styles.empty}>Jobs can be added once the experiment has a start model.</p>;
  return (
    <form
      className={styles.add}
      aria-label="Add jobs"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Field label="Jobs" type="number" min={1} max={100} required value={count} onChange={({ target }) => setCount(target.value)} />
      <Field label="Devices each" type="number" min={1} max={100_000} required value={devices} onChange={({ target }) => setDevices(target.value)} />
      <Field label="Spares" type="number" min={0} max={100_000} required value={spares} onChange={({ target }) => setSpares(target.value)} />
      <details className={styles.parameters}>
        <summary>Stop early</summary>
        <div className={styles.actions}>
          <Field label="Metric" maxLength={100} placeholder="loss" value={metric} onChange={({ target }) => setMetric(target.value)} />
          <select className={selectClass} aria-label="Which way the metric is good" value={mode} onChange={({ target }) => setMode(target.value as 'min' | 'max')}>
            <option value="min">less is better</option>
            <option value="max">more is better</option>
          </select>
          <Field label="Jobs without improvement" type="number" min={1} max={100} required value={patience} onChange={({ target }) => setPatience(target.value)} />
        </div>
      </details>
      <Button type="submit" look="main" disabled={isPending}>
        {isPending ? 'Adding…' : 'Train'}
      </Button>
      {error && <ErrorText error={error} />}
      <CodeDisclosure requests={[shownRequest('Add the jobs', 'job.create_series', asked)]} />
    </form>
  );
}
