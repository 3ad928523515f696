import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { ErrorText } from '../../ui/error-panel.js';
import { Field } from '../../ui/field.js';
import styles from './page.module.css';

export function NewProject({ isFirst }: { isFirst: boolean }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (project_name: string) => api.Project.create({ project_name }),
    async onSuccess({ body: { project_id } }) {
      await queries.invalidateQueries({ queryKey: ['project.list'] });
      await navigate({ to: '/p/$project', params: { project: project_id } });
    },
  });
  return (
    <form
      className={styles.create}
      onSubmit={(event) => {
        event.preventDefault();
        const name = new FormData(event.currentTarget).get('name');
        if (typeof name === 'string' && name.trim() !== '') mutate(name.trim());
      }}
    >
      <Field label={isFirst ? 'Name of your first project' : 'New project'} name="name" required maxLength={200} placeholder="Digits" autoComplete="off" />
      <Button type="submit" look={isFirst ? 'main' : 'plain'} disabled={isPending}>
        {isPending ? 'Creating…' : 'Create'}
      </Button>
      {error && <ErrorText error={error} />}
    </form>
  );
}
