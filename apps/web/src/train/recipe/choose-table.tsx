import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import type { Thread } from '../../train-worker/page/start-thread.js';
import type { TableSummary } from '../../train-worker/worker/judge.js';
import { ErrorText } from '../../ui/error-panel.js';
import styles from './recipe.module.css';

export interface OpenTable {
  readonly file: File;
  readonly summary: TableSummary;
}

/** A file of this machine, which is read in this tab and goes nowhere else. */
export function ChooseTable({ thread, table, opened }: { thread: Thread; table: OpenTable | undefined; opened: (table: OpenTable | undefined) => void }) {
  const id = useId();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (file: File) => ({ file, summary: await thread.roles.judge.takeTable(file) }),
    onSuccess: opened,
    onError: () => opened(undefined),
  });
  return (
    <div className={styles.file}>
      <label htmlFor={id}>Your table</label>
      <input
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) mutate(file);
        }}
      />
      <p id={`${id}-hint`} className={styles.hint} role="status">
        {isPending ? 'Reading…' : table && !error ? `${table.file.name}: ${table.summary.rows.toLocaleString('en')} rows, ${table.summary.columns.length} columns. A fifth of the rows is kept to judge by.` : 'Up to 50 MB. No row of it is sent; the names of the chosen columns, their means and their spreads are.'}
      </p>
      {error && (
        <div role="alert" className={styles.error}>
          <ErrorText error={error} />
        </div>
      )}
    </div>
  );
}
