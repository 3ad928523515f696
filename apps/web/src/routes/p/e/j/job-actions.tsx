import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client.js';
import { download } from '../../../../api/download.js';
import { isOver, type JobInFull } from '../../../../api/job.js';
import { useProject } from '../../../../api/project.js';
import { CodeDisclosure } from '../../../../code/code-disclosure.js';
import { shownRequest } from '../../../../code/shown-request.js';
import { Button } from '../../../../ui/button.js';
import { Confirm } from '../../../../ui/confirm.js';
import { ErrorText } from '../../../../ui/error-panel.js';
import { say } from '../../../../ui/live-region.js';
import styles from './page.module.css';

/** What one can do with a job: cancel it, try it again, take home what it made. */
export function JobActions({ project: project_id, job: { job_id, sequence, status, aggregate_model } }: { project: string; job: JobInFull }) {
  const queries = useQueryClient();
  const { mayWrite } = useProject(project_id);
  const done = (sentence: string) => async () => {
    say(sentence);
    await queries.invalidateQueries();
  };
  const cancel = useMutation({ mutationFn: () => api.Job.cancel({ project_id, job_id }), onSuccess: done(`Job ${sequence} was cancelled.`) });
  const retry = useMutation({ mutationFn: () => api.Job.retry({ project_id, job_id }), onSuccess: done(`A new job with the settings of job ${sequence} is last in line.`) });
  const get = useMutation({ mutationFn: () => download(api.Job.aggregate_model({ project_id, job_id })) });
  const mayCancel = mayWrite && !isOver(status);
  const mayRetry = mayWrite && (status === 'FAILED' || status === 'CANCELLED');
  const requests = [
    ...(mayCancel ? [shownRequest('Cancel the job', 'job.cancel', { project_id, job_id })] : []),
    ...(mayRetry ? [shownRequest('Try again', 'job.retry', { project_id, job_id })] : []),
  ];
  const error = cancel.error ?? retry.error ?? get.error;
  return (
    <div className={styles.actions}>
      {aggregate_model && (
        <Button disabled={get.isPending} onClick={() => get.mutate()}>
          Download its model
        </Button>
      )}
      {mayCancel && (
        <Confirm label="Cancel the job" question={`Cancel job ${sequence}?`} isPending={cancel.isPending} act={() => cancel.mutate()}>
          Updates that have come in are given up, and the experiment’s model stays where it was. Other jobs go on.
        </Confirm>
      )}
      {mayRetry && (
        <Button disabled={retry.isPending} onClick={() => retry.mutate()}>
          Try again
        </Button>
      )}
      {error && <ErrorText error={error} />}
      <CodeDisclosure requests={requests} />
    </div>
  );
}
