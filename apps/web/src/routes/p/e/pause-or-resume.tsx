import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import type { Experiment } from '../../../api/experiment.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { say } from '../../../ui/live-region.js';
import styles from './page.module.css';

/** Keeps further jobs from starting, or lets them. */
export function PauseOrResume({ experiment: { project_id, experiment_id, paused_at } }: { experiment: Experiment }) {
  const queries = useQueryClient();
  const isPaused = paused_at !== null;
  const asked = { project_id, experiment_id };
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      await (isPaused ? api.Experiment.resume(asked) : api.Experiment.pause(asked));
    },
    async onSuccess() {
      say(isPaused ? 'The experiment goes on.' : 'The experiment is paused. A job that runs goes on to its end.');
      await queries.invalidateQueries();
    },
  });
  return (
    <div className={styles.actions}>
      <Button disabled={isPending} onClick={() => mutate()}>
        {isPaused ? 'Resume' : 'Pause after this job'}
      </Button>
      {error && <ErrorText error={error} />}
      <CodeDisclosure requests={[isPaused ? shownRequest('Resume', 'experiment.resume', asked) : shownRequest('Pause', 'experiment.pause', asked)]} />
    </div>
  );
}
