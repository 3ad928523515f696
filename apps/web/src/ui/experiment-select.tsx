import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { ask } from '../api/ask.js';
import { describeExperiment } from '../api/experiment.js';
import { ErrorText } from './error-panel.js';
import styles from './form-page.module.css';
import { selectClass } from './select.js';

/** So many are offered, the newest; what is done with an older one begins on its page. */
const OFFERED = 200;

interface Props {
  readonly project: string;
  /** Its id; empty while none is chosen. */
  readonly experiment: string;
  readonly choose: (experiment: string) => void;
}

/** One of the experiments of a project, by its name. */
export function ExperimentSelect({ project, experiment, choose }: Props) {
  const id = useId();
  const { data: list, error } = useQuery(ask('experiment.list', { project_id: project, limit: OFFERED }));
  const offered = list?.data ?? [];
  const isElsewhere = experiment !== '' && !offered.some(({ experiment_id }) => experiment_id === experiment);
  const { data: described } = useQuery({ ...describeExperiment(project, experiment), enabled: isElsewhere });
  return (
    <div className={styles.labelled}>
      {error && <ErrorText error={error} />}
      <label htmlFor={id}>Experiment</label>
      <select id={id} className={selectClass} required value={experiment} onChange={({ target }) => choose(target.value)}>
        <option value="">Choose one</option>
        {isElsewhere && <option value={experiment}>{described?.name ?? experiment.slice(0, 8)}</option>}
        {offered.map(({ experiment_id, name }) => (
          <option key={experiment_id} value={experiment_id}>
            {name ?? experiment_id.slice(0, 8)}
          </option>
        ))}
      </select>
    </div>
  );
}
