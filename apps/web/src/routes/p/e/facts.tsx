import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../../api/client.js';
import { download } from '../../../api/download.js';
import type { Experiment } from '../../../api/experiment.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button, buttonClass } from '../../../ui/button.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { JobStatus } from '../../../ui/job-status.js';
import { bytes, number } from '../../../ui/number.js';
import { Time } from '../../../ui/time.js';
import { PauseOrResume } from './pause-or-resume.js';
import styles from './page.module.css';

/** How the experiment goes, and its model with what one can do with it. */
export function Facts({ experiment, mayWrite }: { experiment: Experiment; mayWrite: boolean }) {
  const { experiment_id, project_id, current_model, start_model, hyperparameters, num_jobs, forked_from, created_at, paused_at, best_model, keep_best } = experiment;
  const last = experiment.jobs.data[0];
  return (
    <div className={styles.facts}>
      <dl className={styles.list}>
        <div>
          <dt>State</dt>
          <dd>
            {last ? <JobStatus status={last.status}> job {last.sequence}</JobStatus> : 'No job yet'}
            {paused_at !== null && (
              <>
                , paused <Time at={paused_at} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Jobs</dt>
          <dd>{num_jobs}</dd>
        </div>
        <div>
          <dt>Current model</dt>
          <dd>{current_model ? `${bytes(current_model.size)}, ${current_model.sha256 === start_model?.sha256 ? 'as it started' : 'trained'}` : 'none'}</dd>
        </div>
        {best_model && (
          <div>
            <dt>Best model</dt>
            <dd>
              <Link to="/p/$project/e/$experiment/models" params={{ project: project_id, experiment: experiment_id }} search={{ model: best_model.job_id }}>
                job {best_model.sequence}
              </Link>
              , {keep_best?.metric} {number(best_model.value)}
            </dd>
          </div>
        )}
        <div>
          <dt>Created</dt>
          <dd>
            <Time at={created_at} />
            {forked_from !== null && (
              <>
                {', forked from '}
                <Link to="/p/$project/e/$experiment" params={{ project: project_id, experiment: forked_from }}>
                  {forked_from.slice(0, 8)}
                </Link>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd>
            <code>{experiment_id.slice(0, 8)}</code> <CopyButton text={experiment_id} what="experiment id" />
          </dd>
        </div>
      </dl>
      {mayWrite && <PauseOrResume experiment={experiment} />}
      {current_model && <ModelActions experiment={experiment} mayWrite={mayWrite} />}
      <details className={styles.parameters}>
        <summary>Hyperparameters</summary>
        <pre>{inText(hyperparameters)}</pre>
      </details>
    </div>
  );
}

/** Integers beyond what a number holds come as bigint. */
const inText = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one), 2);

function ModelActions({ experiment: { experiment_id, project_id }, mayWrite }: { experiment: Experiment; mayWrite: boolean }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const get = useMutation({ mutationFn: () => download(api.Experiment.current_model({ project_id, experiment_id })) });
  const asked = { project_id, experiment_id, from: 'current' };
  const fork = useMutation({
    mutationFn: () => api.Experiment.fork(asked),
    async onSuccess({ body }) {
      await queries.invalidateQueries({ queryKey: ['experiment.list'] });
      await navigate({ to: '/p/$project/e/$experiment', params: { project: project_id, experiment: body.ID } });
    },
  });
  const error = get.error ?? fork.error;
  return (
    <div className={styles.actions}>
      <Button disabled={get.isPending} onClick={() => get.mutate()}>
        Download the current model
      </Button>
      {mayWrite && (
        <Button disabled={fork.isPending} onClick={() => fork.mutate()}>
          Fork from it
        </Button>
      )}
      {mayWrite && (
        <Link to="/p/$project/new" params={{ project: project_id }} search={{ fork: experiment_id }} className={buttonClass}>
          Fork with changes
        </Link>
      )}
      {mayWrite && (
        <Link to="/p/$project/sweeps/new" params={{ project: project_id }} search={{ experiment: experiment_id }} className={buttonClass}>
          Try hyperparameters
        </Link>
      )}
      {error && <ErrorText error={error} />}
      {mayWrite && <CodeDisclosure requests={[shownRequest('Fork from the current model', 'experiment.fork', asked)]} />}
    </div>
  );
}
