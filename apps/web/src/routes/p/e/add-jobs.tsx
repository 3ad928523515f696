import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { say } from '../../../ui/live-region.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly hasModel: boolean;
}

/** Adds jobs to the end of the series. */
export function AddJobs({ project, experiment, hasModel }: Props) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (asked: { count: number; num_devices: number; num_buffer_devices: number }) => api.Job.create_series({ project_id: project, experiment_id: experiment, ...asked }),
    async onSuccess({ body }) {
      say(body.job_ids.length === 1 ? 'A job was added.' : `${body.job_ids.length} jobs were added.`);
      await queries.invalidateQueries();
    },
  });
  if (!hasModel) return <p className={styles.empty}>Jobs can be added once the experiment has a start model.</p>;
  return (
    <form
      className={styles.add}
      aria-label="Add jobs"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        mutate({ count: Number(data.get('count')), num_devices: Number(data.get('devices')), num_buffer_devices: Number(data.get('spares')) });
      }}
    >
      <Field label="Jobs" name="count" type="number" min={1} max={100} defaultValue={1} required />
      <Field label="Devices each" name="devices" type="number" min={1} max={100_000} defaultValue={1} required />
      <Field label="Spares" name="spares" type="number" min={0} max={100_000} defaultValue={0} required />
      <Button type="submit" look="main" disabled={isPending}>
        {isPending ? 'Adding…' : 'Train'}
      </Button>
      {error && <ErrorText error={error} />}
    </form>
  );
}
