import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../../../api/client.js';
import { download } from '../../../../api/download.js';
import { Button } from '../../../../ui/button.js';
import { Confirm } from '../../../../ui/confirm.js';
import { ErrorText } from '../../../../ui/error-panel.js';
import { say } from '../../../../ui/live-region.js';
import { nameOf, pointOf, type Node } from './lineage.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly node: Node;
  /** Which one the experiment goes on from now. */
  readonly current: Node | undefined;
  readonly mayWrite: boolean;
}

/** Take a model home, begin another experiment with it, or have this one go on from it. */
export function ModelActions({ project: project_id, experiment: experiment_id, node, current, mayWrite }: Props) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const point = pointOf(node);
  const name = nameOf(node, experiment_id);
  const get = useMutation({
    mutationFn: () => download(node.job_id === null ? api.Experiment.start_model({ project_id, experiment_id }) : api.Job.aggregate_model({ project_id, job_id: node.job_id })),
  });
  const fork = useMutation({
    mutationFn: () => api.Experiment.fork({ project_id, experiment_id, from: point }),
    async onSuccess({ body }) {
      await queries.invalidateQueries({ queryKey: ['experiment.list'] });
      await navigate({ to: '/p/$project/e/$experiment', params: { project: project_id, experiment: body.ID } });
    },
  });
  const rollBack = useMutation({
    mutationFn: () => api.Experiment.rollback({ project_id, experiment_id, to: point }),
    async onSuccess() {
      say(`${name} is the current model.`);
      await queries.invalidateQueries();
    },
  });
  const error = get.error ?? fork.error ?? rollBack.error;
  return (
    <div className={styles.actions}>
      <Button disabled={get.isPending} onClick={() => get.mutate()}>
        Download
      </Button>
      {mayWrite && (
        <Button disabled={fork.isPending} onClick={() => fork.mutate()}>
          Fork from here
        </Button>
      )}
      {mayWrite && current && current.name !== node.name && (
        <Confirm label="Roll back to it" question={`Roll back to ${inSentence(name)}?`} isPending={rollBack.isPending} act={() => rollBack.mutate()}>
          The current model is {inSentence(nameOf(current, experiment_id))} ({current.sha256.slice(0, 8)}). Afterwards it is {inSentence(name)} ({node.sha256.slice(0, 8)}), and the next job goes on from there. No model is lost: you can come back the same
          way.
        </Confirm>
      )}
      {error && <ErrorText error={error} />}
    </div>
  );
}

/** "Start model" → "the start model" */
const inSentence = (name: string): string => `the ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
