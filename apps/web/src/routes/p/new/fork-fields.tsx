import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { ask } from '../../../api/ask.js';
import { describeExperiment } from '../../../api/experiment.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { selectClass } from '../../../ui/select.js';
import type { Change, Draft } from './draft.js';
import type { Values } from './hyperparameters.js';
import styles from './page.module.css';

/** So many are offered, the newest; an older one has “Fork with changes” on its page. */
const OFFERED = 200;

interface Props {
  readonly project: string;
  readonly draft: Draft;
  readonly change: Change;
  readonly take: (values: Values) => void;
}

/** Of which experiment it is a fork, and from which of its models. */
export function ForkFields({ project, draft: { parent, from }, change, take }: Props) {
  const id = useId();
  const { data: list, error } = useQuery(ask('experiment.list', { project_id: project, limit: OFFERED }));
  const { data: described } = useQuery({ ...describeExperiment(project, parent), enabled: parent !== '' });
  const { data: jobs } = useQuery({ ...ask('job.list', { project_id: project, experiment_id: parent, limit: OFFERED }), enabled: parent !== '' });
  const offered = list?.data ?? [];
  const isElsewhere = parent !== '' && !offered.some(({ experiment_id }) => experiment_id === parent);
  return (
    <div className={styles.inset}>
      {error && <ErrorText error={error} />}
      <div className={styles.labelled}>
        <label htmlFor={`${id}-parent`}>Experiment</label>
        <select id={`${id}-parent`} className={selectClass} required value={parent} onChange={({ target }) => change({ parent: target.value, from: 'current' })}>
          <option value="">Choose one</option>
          {isElsewhere && <option value={parent}>{described?.name ?? parent.slice(0, 8)}</option>}
          {offered.map(({ experiment_id, name }) => (
            <option key={experiment_id} value={experiment_id}>
              {name ?? experiment_id.slice(0, 8)}
            </option>
          ))}
        </select>
      </div>
      <div className={styles.labelled}>
        <label htmlFor={`${id}-from`}>Which of its models</label>
        <select id={`${id}-from`} className={selectClass} value={from} onChange={({ target }) => change({ from: target.value })}>
          <option value="current">Its current one</option>
          <option value="start">Its start model</option>
          {jobs?.data.map(({ job_id, sequence, status }) => status === 'COMPLETED' && <option key={job_id} value={job_id}>{`What job ${sequence} made`}</option>)}
        </select>
      </div>
      <p className={styles.hint}>Without hyperparameters above it takes those of the experiment that it is forked from.</p>
      {described && Object.keys(described.hyperparameters).length > 0 && <Button onClick={() => take(described.hyperparameters as Values)}>Add its hyperparameters above</Button>}
    </div>
  );
}
