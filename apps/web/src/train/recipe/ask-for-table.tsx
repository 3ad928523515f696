import type { Thread } from '../../train-worker/page/start-thread.js';
import { readPlan } from '../../recipes/settings.js';
import type { Description } from '../experiment.js';
import { ChooseTable } from './choose-table.js';
import styles from './recipe.module.css';

/** An experiment about a table, of which the server has nothing: who has it gives it to this tab. */
export function AskForTable({ thread, experiment, given }: { thread: Thread; experiment: Description; given: (table: File | undefined) => void }) {
  return (
    <div className={styles.form}>
      <p>
        This experiment is about a table that stays with those who have it. Give this tab yours: {columnsOf(experiment)}
      </p>
      <ChooseTable thread={thread} table={undefined} opened={(table) => given(table?.file)} />
    </div>
  );
}

function columnsOf({ hyperparameters }: Description): string {
  try {
    const { columns, target } = readPlan(hyperparameters);
    return `it needs the columns ${columns.map(({ name }) => name).join(', ')} and ${target.name}.`;
  } catch (error) {
    return (error as Error).message;
  }
}
