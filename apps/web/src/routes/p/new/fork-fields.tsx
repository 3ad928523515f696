import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { ask } from '../../../api/ask.js';
import { describeExperiment } from '../../../api/experiment.js';
import { Button } from '../../../ui/button.js';
import { ExperimentSelect } from '../../../ui/experiment-select.js';
import { selectClass } from '../../../ui/select.js';
import type { Change, Draft } from './draft.js';
import type { Values } from './hyperparameters.js';
import styles from '../../../ui/form-page.module.css';

/** So many of its jobs are offered, the newest. */
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
  const { data: described } = useQuery({ ...describeExperiment(project, parent), enabled: parent !== '' });
  const { data: jobs } = useQuery({ ...ask('job.list', { project_id: project, experiment_id: parent, limit: OFFERED }), enabled: parent !== '' });
  return (
    <div className={styles.inset}>
      <ExperimentSelect project={project} experiment={parent} choose={(experiment) => change({ parent: experiment, from: 'current' })} />
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
