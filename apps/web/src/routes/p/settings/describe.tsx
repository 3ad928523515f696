import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AnswerOf } from '../../../api/ask.js';
import { api } from '../../../api/client.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field, inputClass } from '../../../ui/field.js';
import { say } from '../../../ui/live-region.js';
import styles from './page.module.css';

/** Name and description of a project. */
export function Describe({ overview: { project_id, name, description } }: { overview: AnswerOf<'project.overview'> }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState({ name, description: description ?? '' });
  const input = { project_id, project_name: typed.name.trim(), project_description: typed.description.trim() || null };
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.Project.update(input),
    async onSuccess() {
      say('Saved.');
      await queries.invalidateQueries();
    },
  });
  const isSame = input.project_name === name && input.project_description === description;
  return (
    <form
      className={styles.part}
      aria-label="Name and description"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Field label="Name" value={typed.name} required maxLength={200} autoComplete="off" onChange={({ target }) => setTyped({ ...typed, name: target.value })} />
      <label className={styles.description}>
        Description
        <textarea className={inputClass} rows={4} maxLength={10_000} value={typed.description} onChange={({ target }) => setTyped({ ...typed, description: target.value })} />
      </label>
      {error && <ErrorText error={error} />}
      <Button type="submit" look="main" disabled={isPending || isSame || input.project_name === ''}>
        {isPending ? 'Saving…' : 'Save'}
      </Button>
      <CodeDisclosure requests={[shownRequest('Change the project', 'project.update', { ...input, project_name: input.project_name || name })]} />
    </form>
  );
}
