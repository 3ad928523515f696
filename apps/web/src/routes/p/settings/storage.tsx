import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../../api/ask.js';
import { api } from '../../../api/client.js';
import { Button } from '../../../ui/button.js';
import { ErrorPanel, ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { say } from '../../../ui/live-region.js';
import { bytes } from '../../../ui/number.js';
import { Skeleton } from '../../../ui/skeleton.js';
import styles from './page.module.css';

const MB = 1_000_000;

/** How much a project keeps and may keep. The server's admin may say how much. */
export function Storage({ project }: { project: string }) {
  const { data, error, refetch } = useQuery(ask('project.storage', { project_id: project }));
  const { data: me } = useQuery(ask('auth.whoami', {}));
  return (
    <section className={styles.part} aria-labelledby="storage">
      <h2 id="storage">Storage</h2>
      {error && !data && <ErrorPanel what="What it keeps" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={1} height="3rem" />}
      {data && (
        <>
          <p>
            {bytes(data.stored_bytes)} of models
            {data.max_bytes === null ? ', without a limit' : ` of ${bytes(data.max_bytes)} that it may keep`}
            {data.max_bytes !== null && (data.own_max_bytes === null ? ', as every project of this server' : ', its own limit')}
          </p>
          {data.max_bytes !== null && <meter className={styles.meter} aria-label="Storage used" min={0} max={data.max_bytes} high={data.max_bytes * 0.9} value={Math.min(data.stored_bytes, data.max_bytes)} />}
          {me?.user?.is_server_admin === true && <Limit key={data.own_max_bytes} project={project} own={data.own_max_bytes} />}
        </>
      )}
    </section>
  );
}

function Limit({ project, own }: { project: string; own: number | null }) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (max_bytes: number | null) => api.Project.limit_storage({ project_id: project, max_bytes }),
    async onSuccess() {
      say('Saved the limit.');
      await queries.invalidateQueries({ queryKey: ['project.storage'] });
    },
  });
  return (
    <form
      className={styles.limit}
      aria-label="Limit its storage"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get('limit');
        mutate(typeof typed === 'string' && typed !== '' ? Math.round(Number(typed) * MB) : null);
      }}
    >
      <Field label="Its own limit, in MB" placeholder="As the server says" name="limit" type="number" min={0.001} step="any" defaultValue={own === null ? '' : own / MB} />
      <Button type="submit" disabled={isPending}>
        Set the limit
      </Button>
      <p className={styles.below}>What it keeps already stays.</p>
      {error && <ErrorText error={error} />}
    </form>
  );
}
