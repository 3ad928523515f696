import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { Button } from '../../../ui/button.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { Field } from '../../../ui/field.js';
import { levelName } from '../../../ui/level-name.js';
import { say } from '../../../ui/live-region.js';
import { selectClass } from '../../../ui/select.js';
import type { Level } from './levels.js';
import styles from './page.module.css';

const NOBODY = '0'.repeat(32);

/** Takes somebody of this server into the project. */
export function AddMember({ project, offered }: { project: string; offered: readonly { readonly level: Level }[] }) {
  const queries = useQueryClient();
  const [user, setUser] = useState('');
  const [level, setLevel] = useState<Level>(5);
  const input = { project_id: project, user_id: user.trim(), permission_level: level };
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.Project.add_member(input),
    async onSuccess() {
      setUser('');
      say('They are a member now.');
      await queries.invalidateQueries({ queryKey: ['project.members'] });
    },
  });
  return (
    <form
      className={styles.form}
      aria-label="Add a member"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <div className={styles.create}>
        <Field label="User id" placeholder="As it stands on their page Keys" value={user} onChange={({ target }) => setUser(target.value)} required pattern="\s*[0-9a-f]{32}\s*" title="32 letters a to f and digits" autoComplete="off" spellCheck={false} />
        <select className={selectClass} aria-label="What they may do" value={level} onChange={({ target }) => setLevel(Number(target.value) as Level)}>
          {offered.map((one) => (
            <option key={one.level} value={one.level}>
              {levelName(one.level)}
            </option>
          ))}
        </select>
        <Button type="submit" disabled={isPending}>
          {isPending ? 'Adding…' : 'Add'}
        </Button>
      </div>
      {error && <ErrorText error={error} />}
      <CodeDisclosure requests={[shownRequest('Add the member', 'project.add_member', { ...input, user_id: /^[0-9a-f]{32}$/.test(input.user_id) ? input.user_id : NOBODY })]} />
    </form>
  );
}
