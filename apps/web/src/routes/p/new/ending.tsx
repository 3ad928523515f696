import { Link } from '@tanstack/react-router';
import { Button } from '../../../ui/button.js';
import type { Creation } from './use-creation.js';
import styles from '../../../ui/form-page.module.css';

interface Props {
  readonly project: string;
  readonly creation: Creation;
  readonly isReady: boolean;
}

/** What creates it all, how far that is, and what is there already when something was refused. */
export function Ending({ project, creation: { made, uploaded, isPending, stop }, isReady }: Props) {
  return (
    <>
      {made && !isPending && (
        <p className={styles.made}>
          <Link to="/p/$project/e/$experiment" params={{ project, experiment: made.experiment_id }}>
            The experiment
          </Link>{' '}
          {made.hasModel ? 'was created with its start model; its jobs were not.' : 'was created; its start model and its jobs are still to come.'}
        </p>
      )}
      {uploaded !== undefined && <progress className={styles.progress} value={uploaded} aria-label="Of the start model that has gone" />}
      <div className={styles.end}>
        <Button type="submit" look="main" disabled={isPending || !isReady}>
          {isPending ? (uploaded === undefined ? 'Creating…' : `Sending the model: ${Math.floor(uploaded * 100)} %`) : made ? 'Go on' : 'Create the experiment'}
        </Button>
        {uploaded !== undefined && (
          <Button look="danger" onClick={stop}>
            Stop the upload
          </Button>
        )}
      </div>
    </>
  );
}
