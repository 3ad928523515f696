import { useId } from 'react';
import type { ColumnSummary } from '../../train-worker/worker/judge.js';
import { selectClass } from '../../ui/select.js';
import { canBePredicted, kindOf, targetOf, type Selection } from './selection.js';
import styles from './recipe.module.css';

interface Props {
  readonly columns: readonly ColumnSummary[];
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
}

/** Which column of a table is to be predicted, and from which others. */
export function ChooseColumns({ columns, selection, select }: Props) {
  const id = useId();
  const target = targetOf(columns, selection);
  if (!target) return <p className={styles.error}>No column of this table can be predicted. {columns.map(({ classes }) => (classes.does ? '' : classes.why)).join(' ')}</p>;
  const kind = kindOf(target, selection);
  const { without } = selection;
  return (
    <div className={styles.columns}>
      <div className={styles.choice}>
        <label htmlFor={id}>Column to predict</label>
        <select id={id} className={selectClass} value={target.name} onChange={(event) => select({ ...selection, target: event.target.value })}>
          {columns.filter(canBePredicted).map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      {target.input.does && target.classes.does && (
        <fieldset className={styles.kinds}>
          <legend>As</legend>
          {(['classes', 'value'] as const).map((one) => (
            <label key={one}>
              <input type="radio" name={`${id}-kind`} checked={kind === one} onChange={() => select({ ...selection, kinds: { ...selection.kinds, [target.name]: one } })} /> {one === 'classes' ? 'one of its values' : 'a number'}
            </label>
          ))}
        </fieldset>
      )}
      <fieldset className={styles.inputs}>
        <legend>From these columns</legend>
        {columns
          .filter(({ name }) => name !== target.name)
          .map(({ name, input }) => (
            <label key={name} className={styles.input}>
              <input
                type="checkbox"
                disabled={!input.does}
                checked={input.does && !without.includes(name)}
                onChange={({ target: { checked } }) => select({ ...selection, without: checked ? without.filter((one) => one !== name) : [...without, name] })}
              />
              {name}
              {!input.does && <span className={styles.hint}> {input.why}</span>}
            </label>
          ))}
      </fieldset>
    </div>
  );
}
