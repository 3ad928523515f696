import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { describeExperiment } from '../../../../api/experiment.js';
import { leavesOf } from '../../../../hyperparameters/leaves.js';
import { Button } from '../../../../ui/button.js';
import { inputClass } from '../../../../ui/field.js';
import { selectClass } from '../../../../ui/select.js';
import type { Change, Draft } from './draft.js';
import { emptyTried, type Tried } from './tried.js';
import form from '../../../../ui/form-page.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly draft: Draft;
  readonly change: Change;
  /** Why they can't be read, or what the server said of them. */
  readonly told: string | undefined;
}

/** Hyperparameters, and what each may be. The names of those that the experiment has are offered. */
export function TriedFields({ project, draft: { experiment, method, tried }, change, told }: Props) {
  const id = useId();
  const { data: described } = useQuery({ ...describeExperiment(project, experiment), enabled: experiment !== '' });
  const set = (which: number, changes: Partial<Tried>) => change({ tried: tried.map((row) => (row.id === which ? { ...row, ...changes } : row)) });
  return (
    <>
      <div className={form.rows}>
        {tried.map((row, at) => (
          <div key={row.id} className={styles.tried} role="group" aria-label={`Hyperparameter ${at + 1}`}>
            <input className={inputClass} aria-label={`Name ${at + 1}`} placeholder="learning_rate" list={`${id}-paths`} aria-describedby={told === undefined ? undefined : id} value={row.name} onChange={({ target }) => set(row.id, { name: target.value })} />
            {method === 'random' && (
              <select className={selectClass} aria-label={`What ${at + 1} may be`} value={row.as} onChange={({ target }) => set(row.id, { as: target.value as Tried['as'] })}>
                <option value="values">one of</option>
                <option value="linear">between</option>
                <option value="log">between, log scale</option>
              </select>
            )}
            {method === 'grid' || row.as === 'values' ? (
              <input className={inputClass} aria-label={`Values ${at + 1}`} placeholder="0.1, 0.01, 0.001" aria-describedby={told === undefined ? undefined : id} value={row.values} onChange={({ target }) => set(row.id, { values: target.value })} />
            ) : (
              <>
                <input className={inputClass} type="number" step="any" aria-label={`Least ${at + 1}`} placeholder="0.0001" value={row.min} onChange={({ target }) => set(row.id, { min: target.value })} />
                <input className={inputClass} type="number" step="any" aria-label={`Most ${at + 1}`} placeholder="0.1" value={row.max} onChange={({ target }) => set(row.id, { max: target.value })} />
              </>
            )}
            <Button look="quiet" aria-label={`Remove row ${at + 1}`} disabled={tried.length === 1} onClick={() => change({ tried: tried.filter((one) => one.id !== row.id) })}>
              Remove
            </Button>
          </div>
        ))}
        <div>
          <Button onClick={() => change({ tried: [...tried, emptyTried()] })}>Add a hyperparameter</Button>
        </div>
      </div>
      <datalist id={`${id}-paths`}>
        {leavesOf(described?.hyperparameters ?? {}).map(([path, word]) => (
          <option key={path} value={path}>
            {word}
          </option>
        ))}
      </datalist>
      {told !== undefined && (
        <p id={id} className={form.hint} role="status">
          {told}
        </p>
      )}
      <p className={form.hint}>
        Values have commas between them: 0.1, 0.01, or sgd, adam, or [64], [64, 32]. A dot leads into an object: optimizer.lr. All other hyperparameters are the experiment’s.
      </p>
    </>
  );
}
