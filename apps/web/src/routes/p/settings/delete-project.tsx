import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { AnswerOf } from '../../../api/ask.js';
import { api } from '../../../api/client.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { say } from '../../../ui/live-region.js';
import styles from './page.module.css';

const counted = (count: number, word: string) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** Deletes a project, once its name has been typed. */
export function DeleteProject({ overview: { project_id, name, experiments, devices } }: { overview: AnswerOf<'project.overview'> }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.Project.delete({ project_id }),
    async onSuccess() {
      say(`Deleted the project ${name}.`);
      await navigate({ to: '/' });
      await queries.invalidateQueries();
    },
  });
  return (
    <form
      className={`${styles.part} ${styles.danger}`}
      aria-labelledby="delete"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <h2 id="delete">Delete the project</h2>
      <p>
        With it go {counted(experiments.total, 'experiment')} and those that are archived, {counted(devices.total, 'device')} with their keys, and every model. Jobs that run end. It can’t be undone.
      </p>
      <Field label={`Type its name to delete it: ${name}`} value={typed} autoComplete="off" onChange={({ target }) => setTyped(target.value)} />
      {error && <ErrorText error={error} />}
      <Button type="submit" look="danger" disabled={isPending || typed.trim() !== name.trim()}>
        {isPending ? 'Deleting…' : 'Delete it'}
      </Button>
    </form>
  );
}
