import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { CodePanel } from '../../../code/code-panel.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { useTitle } from '../../../ui/title.js';
import { modelOf, newDraft, type Change } from './draft.js';
import { Ending } from './ending.js';
import { errorAt } from '../../../ui/field-errors.js';
import { HyperparameterFields } from './hyperparameter-section.js';
import { readTyped, typedAs, type Values } from './hyperparameters.js';
import { JobFields } from './jobs-section.js';
import { shownRequests } from './plan.js';
import { StartFields } from './start-section.js';
import { StrategyFields } from './strategy-fields.js';
import { useCreation } from './use-creation.js';
import styles from '../../../ui/form-page.module.css';

const route = getRouteApi('/in/p/$project/new');

export default function NewExperimentPage() {
  useTitle('New experiment');
  const { project } = route.useParams();
  const { fork } = route.useSearch();
  const [draft, setDraft] = useState(() => newDraft(fork));
  const change = useCallback<Change>((changes) => setDraft((before) => ({ ...before, ...changes })), []);
  /** Adds what is not there yet; what was typed stays. */
  const take = useCallback((values: Values) => setDraft((before) => {
    const { values: typed } = readTyped(before.hyperparameters);
    return typed ? { ...before, hyperparameters: typedAs(before.hyperparameters.as, { ...values, ...typed }) } : before;
  }), []);
  const creation = useCreation(project);
  const { made, step, error, isPending } = creation;
  const reading = readTyped(draft.hyperparameters);
  const at = (which: typeof step) => (step === which && !isPending ? error : null);
  const isReady = reading.values !== undefined && (draft.start === 'fork' ? draft.parent !== '' : draft.start === 'later' || made?.hasModel === true || modelOf(draft) !== undefined);

  return (
    <>
      <h1>New experiment</h1>
      <div className={styles.page}>
        <form
          className={styles.form}
          aria-label="New experiment"
          onSubmit={(event) => {
            event.preventDefault();
            if (reading.values && isReady) creation.go(draft, reading.values);
          }}
        >
          <fieldset className={styles.section} disabled={isPending || made !== undefined}>
            <legend>Hyperparameters</legend>
            <Field className={styles.name} label="Name" value={draft.name} hint="May be left out" error={errorAt(at('experiment'), '/experiment_name')} onChange={({ target }) => change({ name: target.value })} />
            <HyperparameterFields typed={draft.hyperparameters} reading={reading} change={(hyperparameters) => change({ hyperparameters })} error={errorAt(at('experiment'), '/hyperparameters')} />
          </fieldset>
          <fieldset className={styles.section} disabled={isPending || made?.hasModel === true}>
            <legend>Start model</legend>
            <StartFields project={project} draft={draft} change={change} take={take} isMade={made !== undefined} />
            {at('model') && <Told error={error} />}
          </fieldset>
          <fieldset className={styles.section} disabled={isPending}>
            <legend>Jobs</legend>
            {draft.start !== 'later' && <JobFields draft={draft} change={change} error={at('jobs')} />}
            <fieldset className={styles.section} disabled={made !== undefined}>
              <StrategyFields chosen={draft.strategy} isFork={draft.start === 'fork'} change={(strategy) => change({ strategy })} error={at('experiment')} />
            </fieldset>
            {at('jobs') && <Told error={error} />}
          </fieldset>
          {at('experiment') && <Told error={error} />}
          <Ending project={project} creation={creation} isReady={isReady} />
        </form>
        <section className={styles.code} aria-label="Code">
          <h2>Code</h2>
          {reading.values ? <CodePanel requests={shownRequests(project, draft, reading.values, made)} /> : <p className={styles.hint}>It is here again once the hyperparameters can be read.</p>}
        </section>
      </div>
    </>
  );
}

const Told = ({ error }: { error: unknown }) => (
  <div role="alert" className={styles.error}>
    <ErrorText error={error} />
  </div>
);
