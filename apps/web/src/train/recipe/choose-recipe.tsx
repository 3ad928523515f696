import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Thread } from '../../train-worker/page/start-thread.js';
import { Button } from '../../ui/button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { ChooseColumns } from './choose-columns.js';
import { ChooseTable, type OpenTable } from './choose-table.js';
import { createExperiment } from './create-experiment.js';
import { choiceOf, nothingChosen, type Selection } from './selection.js';
import styles from './recipe.module.css';

interface Props {
  readonly thread: Thread | undefined;
  readonly projectId: string;
  readonly created: (experimentId: string, table: File | undefined) => void;
}

/** What the model is to learn: makes an experiment of it, with its start model. */
export function ChooseRecipe({ thread, projectId, created }: Props) {
  const [recipe, setRecipe] = useState<'digits' | 'csv'>('digits');
  const [table, setTable] = useState<OpenTable>();
  const [selection, setSelection] = useState<Selection>(nothingChosen);
  const id = useId();
  const choice = table && choiceOf(table.summary.columns, selection);
  const isReady = thread !== undefined && (recipe === 'digits' || choice !== undefined);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => createExperiment(thread!, projectId, recipe === 'digits' ? { recipe } : { recipe, choice: choice! }),
    onSuccess: (experimentId) => created(experimentId, recipe === 'csv' ? table?.file : undefined),
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <fieldset className={styles.recipes}>
        <legend>What it is to learn</legend>
        <label className={styles.recipe}>
          <input type="radio" name={id} checked={recipe === 'digits'} onChange={() => setRecipe('digits')} />
          <b>Handwritten digits</b>
          <span className={styles.hint}>2,000 pictures to learn from and 400 to be judged by. They come with this page.</span>
        </label>
        <label className={styles.recipe}>
          <input type="radio" name={id} checked={recipe === 'csv'} onChange={() => setRecipe('csv')} />
          <b>Your own table</b>
          <span className={styles.hint}>A CSV file with a header: columns of numbers in, a class or a number out. It stays in this tab.</span>
        </label>
      </fieldset>
      {recipe === 'csv' && thread && (
        <ChooseTable
          thread={thread}
          table={table}
          opened={(opened) => {
            setTable(opened);
            setSelection(nothingChosen);
          }}
        />
      )}
      {recipe === 'csv' && table && <ChooseColumns columns={table.summary.columns} selection={selection} select={setSelection} />}
      {error && <ErrorText error={error} />}
      <div>
        <Button type="submit" look="main" disabled={!isReady || isPending}>
          {isPending ? 'Creating…' : 'Create the experiment'}
        </Button>
      </div>
    </form>
  );
}
