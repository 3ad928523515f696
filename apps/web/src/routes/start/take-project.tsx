import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { projectPages } from '../../api/project.js';
import { Button } from '../../ui/button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { Field } from '../../ui/field.js';
import styles from './page.module.css';

const MOST_OFFERED = 5;
/** From the contract: who has less may only read. */
const WRITER = 5;

/** A project to train in: a new one, or one that is there. */
export function TakeProject({ taken }: { taken: (projectId: string) => void }) {
  const queries = useQueryClient();
  const { data: projects } = useInfiniteQuery(projectPages());
  const mine = projects?.filter(({ permission_level }) => permission_level >= WRITER).slice(0, MOST_OFFERED) ?? [];
  const { mutate, isPending, error } = useMutation({
    mutationFn: (project_name: string) => api.Project.create({ project_name }),
    async onSuccess({ body }) {
      await queries.invalidateQueries({ queryKey: ['project.list'] });
      taken(body.project_id);
    },
  });
  return (
    <>
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          const name = new FormData(event.currentTarget).get('name');
          if (typeof name === 'string' && name.trim() !== '') mutate(name.trim());
        }}
      >
        <Field label="Name" name="name" className={styles.name} required maxLength={200} defaultValue="My first project" autoComplete="off" />
        <Button type="submit" look="main" disabled={isPending}>
          {isPending ? 'Creating…' : 'Create the project'}
        </Button>
      </form>
      {error && <ErrorText error={error} />}
      {mine.length > 0 && (
        <p className={styles.others}>
          Or take one of yours:{' '}
          {mine.map(({ project_id, name }) => (
            <Link key={project_id} to="/start" search={{ project: project_id }}>
              {name}
            </Link>
          ))}
        </p>
      )}
    </>
  );
}
