import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { ask } from '../../../api/ask.js';
import { recipeOf } from '../../../recipes/settings.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { selectClass } from '../../../ui/select.js';
import styles from './page.module.css';

const MOST_OFFERED = 100;

/** The project's experiments, those first that a tab can train. Nothing chosen: a new one. */
export function ChooseExperiment({ projectId, experimentId, chosen }: { projectId: string; experimentId: string | undefined; chosen: (experimentId: string | undefined) => void }) {
  const id = useId();
  const { data, error, refetch } = useQuery(ask('experiment.list', { project_id: projectId, params: 'recipe', limit: MOST_OFFERED }));
  if (error && !data) return <ErrorPanel what="The experiments" error={error} again={() => void refetch()} />;
  const all = data?.data ?? [];
  const [able, others] = [all.filter(({ params }) => recipeOf(params)), all.filter(({ params }) => !recipeOf(params))];
  const option = ({ experiment_id, name }: (typeof all)[number]) => (
    <option key={experiment_id} value={experiment_id}>
      {name ?? experiment_id}
    </option>
  );
  return (
    <div className={styles.choose}>
      <label htmlFor={id}>Which one</label>
      <select id={id} className={selectClass} value={experimentId ?? ''} onChange={({ target }) => chosen(target.value || undefined)}>
        <option value="">A new one</option>
        {able.length > 0 && <optgroup label="With a recipe">{able.map(option)}</optgroup>}
        {others.length > 0 && <optgroup label="A tab does not know how to train these">{others.map(option)}</optgroup>}
      </select>
    </div>
  );
}
