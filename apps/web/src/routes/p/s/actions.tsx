import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../api/client.js';
import { MOST_COMPARED } from '../../../api/most-compared.js';
import { useProject } from '../../../api/project.js';
import { sweepName, type Sweep } from '../../../api/sweep.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { buttonClass } from '../../../ui/button.js';
import { Confirm } from '../../../ui/confirm.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { say } from '../../../ui/live-region.js';
import styles from './page.module.css';

/** What one can do with a sweep: see the best of its forks side by side, and cancel what is left of it. */
export function Actions({ project: project_id, sweep }: { project: string; sweep: Sweep }) {
  const { sweep_id, status, members, metric } = sweep;
  const queries = useQueryClient();
  const { mayWrite } = useProject(project_id);
  const cancel = useMutation({
    mutationFn: () => api.Sweep.cancel({ project_id, sweep_id }),
    async onSuccess({ body }) {
      say(`${body.num_cancelled === 1 ? 'A job was' : `${body.num_cancelled} jobs were`} cancelled.`);
      await queries.invalidateQueries();
    },
  });
  const mayCancel = mayWrite && status === 'RUNNING';
  const compared = members.slice(0, MOST_COMPARED);
  const requests = [
    shownRequest('Describe the sweep', 'sweep.describe', { project_id, sweep_id }),
    ...(mayCancel ? [shownRequest('Cancel the sweep', 'sweep.cancel', { project_id, sweep_id })] : []),
  ];
  return (
    <div className={styles.actions}>
      {compared.length > 1 && (
        <Link to="/p/$project/compare" params={{ project: project_id }} search={{ ids: compared.map(({ experiment_id }) => experiment_id).join(), metric }} className={buttonClass}>
          {compared.length < members.length ? `Compare the best ${compared.length}` : 'Compare the forks'}
        </Link>
      )}
      {mayCancel && (
        <Confirm label="Cancel the sweep" question={`Cancel ${sweepName(sweep)}?`} isPending={cancel.isPending} act={() => cancel.mutate()}>
          Every job of its forks that has not ended is cancelled. Forks, their models and what they reached stay.
        </Confirm>
      )}
      {cancel.error && <ErrorText error={cancel.error} />}
      <CodeDisclosure requests={requests} />
    </div>
  );
}
