import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { ask } from '../../../../api/ask.js';
import { Field } from '../../../../ui/field.js';
import { errorAt } from '../../../../ui/field-errors.js';
import { selectClass } from '../../../../ui/select.js';
import type { Change, Draft } from './draft.js';
import form from '../../../../ui/form-page.module.css';

interface Props {
  readonly project: string;
  readonly draft: Draft;
  readonly change: Change;
  readonly error: unknown;
}

/** By what forks are ranked. A name that devices do not report ranks nothing, so those of the experiment's jobs are offered. */
export function RankFields({ project, draft: { experiment, metric, mode }, change, error }: Props) {
  const id = useId();
  const { data: known } = useQuery({ ...ask('experiment.metric_series', { project_id: project, experiment_id: experiment, max_points: 100 }), enabled: experiment !== '' });
  return (
    <div className={form.numbers}>
      <Field label="Metric" required maxLength={100} placeholder="loss" list={id} hint="As devices report it" value={metric} error={errorAt(error, '/metric')} onChange={({ target }) => change({ metric: target.value })} />
      <datalist id={id}>
        {known?.names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </datalist>
      <div className={form.labelled}>
        <label htmlFor={`${id}-mode`}>The best is</label>
        <select id={`${id}-mode`} className={selectClass} value={mode} onChange={({ target }) => change({ mode: target.value as Draft['mode'] })}>
          <option value="min">the lowest</option>
          <option value="max">the highest</option>
        </select>
      </div>
    </div>
  );
}
