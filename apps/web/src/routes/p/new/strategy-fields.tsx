import { useId } from 'react';
import { Field } from '../../../ui/field.js';
import { selectClass } from '../../../ui/select.js';
import { errorAt } from '../../../ui/field-errors.js';
import { strategies, strategyNames, type ChosenStrategy, type StrategyName } from './strategies.js';
import styles from '../../../ui/form-page.module.css';

interface Props {
  readonly chosen: ChosenStrategy;
  readonly isFork: boolean;
  readonly change: (chosen: ChosenStrategy) => void;
  readonly error: unknown;
}

/** How the updates of a job become one model. */
export function StrategyFields({ chosen: { type, parameters }, isFork, change, error }: Props) {
  const id = useId();
  const told = errorAt(error, '/aggregation_strategy');
  const does = type === undefined ? (isFork ? 'The way of the experiment that it is forked from.' : strategies.FedAvg.does) : strategies[type].does;
  return (
    <>
      <div className={styles.labelled}>
        <label htmlFor={id}>Aggregation strategy</label>
        <select
          id={id}
          className={selectClass}
          aria-describedby={`${id}-does`}
          {...(told !== undefined && { 'aria-invalid': true })}
          value={type === undefined || (type === 'FedAvg' && !isFork) ? '' : type}
          onChange={({ target }) => change({ type: target.value === '' ? undefined : (target.value as StrategyName), parameters })}
        >
          <option value="">{isFork ? 'Its parent’s' : 'FedAvg, as usual'}</option>
          {strategyNames.map((name) => (isFork || name !== 'FedAvg') && <option key={name}>{name}</option>)}
        </select>
        <p id={`${id}-does`} className={styles.hint}>
          {does}
        </p>
        {told !== undefined && <p className={styles.error}>{told}</p>}
      </div>
      {type !== undefined && strategies[type].parameters.length > 0 && (
        <div className={styles.numbers}>
          {strategies[type].parameters.map(({ name, label, without, step }) => (
            <Field
              key={name}
              label={label}
              type="number"
              step={step ?? 'any'}
              required={without === undefined}
              placeholder={without}
              value={parameters[name] ?? ''}
              error={errorAt(error, `/aggregation_strategy/${name}`)}
              onChange={({ target }) => change({ type, parameters: { ...parameters, [name]: target.value } })}
            />
          ))}
        </div>
      )}
    </>
  );
}
