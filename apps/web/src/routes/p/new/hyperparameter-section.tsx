import { useId } from 'react';
import { Button } from '../../../ui/button.js';
import { inputClass } from '../../../ui/field.js';
import { emptyRow, typedAs, type Reading, type Row, type Typed } from './hyperparameters.js';
import styles from '../../../ui/form-page.module.css';

interface Props {
  readonly typed: Typed;
  readonly reading: Reading;
  readonly change: (typed: Typed) => void;
  /** What the server said of them. */
  readonly error: string | undefined;
}

/** Hyperparameters as rows or as JSON: the same ones. */
export function HyperparameterFields({ typed, reading, change, error }: Props) {
  const id = useId();
  const told = reading.why ?? error;
  return (
    <>
      <div className={styles.head} role="group" aria-label="Type hyperparameters as">
        {(['rows', 'json'] as const).map((as) => (
          <Button
            key={as}
            className={styles.switch}
            aria-pressed={typed.as === as}
            disabled={reading.values === undefined && typed.as !== as}
            onClick={() => typed.as !== as && reading.values && change(typedAs(as, reading.values))}
          >
            {as === 'rows' ? 'Rows' : 'JSON'}
          </Button>
        ))}
      </div>
      {typed.as === 'rows' ? (
        <Rows rows={typed.rows} change={(rows) => change({ as: 'rows', rows })} told={told === undefined ? undefined : id} />
      ) : (
        <textarea
          className={styles.json}
          aria-label="Hyperparameters as JSON"
          spellCheck={false}
          value={typed.text}
          {...(told !== undefined && { 'aria-invalid': true, 'aria-describedby': id })}
          onChange={({ target }) => change({ as: 'json', text: target.value })}
        />
      )}
      {told !== undefined && (
        <p id={id} className={styles.error} role="status">
          {told}
        </p>
      )}
      <p className={styles.hint}>Devices get them with every job. A value is JSON (0.01, true, [1, 2]) or else a text.</p>
    </>
  );
}

function Rows({ rows, change, told }: { rows: readonly Row[]; change: (rows: readonly Row[]) => void; told: string | undefined }) {
  const set = (id: number, changes: Partial<Row>) => change(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  return (
    <div className={styles.rows}>
      {rows.map(({ id, name, value }, at) => (
        <div key={id} className={styles.row}>
          <input className={inputClass} aria-label={`Name ${at + 1}`} placeholder="learning_rate" aria-describedby={told} value={name} onChange={({ target }) => set(id, { name: target.value })} />
          <input className={inputClass} aria-label={`Value ${at + 1}`} placeholder="0.01" aria-describedby={told} value={value} onChange={({ target }) => set(id, { value: target.value })} />
          <Button look="quiet" aria-label={`Remove row ${at + 1}`} onClick={() => change(rows.filter((row) => row.id !== id))}>
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button onClick={() => change([...rows, emptyRow()])}>Add a row</Button>
      </div>
    </div>
  );
}
