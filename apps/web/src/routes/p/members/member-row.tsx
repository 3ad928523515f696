import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import type { EntryOf } from '../../../api/pages.js';
import { Confirm } from '../../../ui/confirm.js';
import { ErrorText } from '../../../ui/error-panel.js';
import { levelName } from '../../../ui/level-name.js';
import { say } from '../../../ui/live-region.js';
import { selectClass } from '../../../ui/select.js';
import { Time } from '../../../ui/time.js';
import type { Level } from './levels.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly member: EntryOf<'project.members'>;
  /** The levels that one may give and take; none: one only looks. */
  readonly offered: readonly { readonly level: Level }[];
  readonly isMe: boolean;
}

export function MemberRow({ project, member: { user_id, user_name, permission_level, added_at }, offered, isMe }: Props) {
  const queries = useQueryClient();
  const name = user_name ?? user_id.slice(0, 8);
  const ids = { project_id: project, user_id };
  // One's own level decides what the whole page offers.
  const after = async (said: string) => {
    say(said);
    await queries.invalidateQueries();
  };
  const change = useMutation({ mutationFn: (level: Level) => api.Project.update_member({ ...ids, permission_level: level }), onSuccess: (_, level) => after(`${name}: ${levelName(level)}.`) });
  const remove = useMutation({ mutationFn: () => api.Project.remove_member(ids), onSuccess: () => after(`${name} is no member any more.`) });
  const error = change.error ?? remove.error;
  const mayChange = offered.some(({ level }) => level === permission_level);
  return (
    <li className={styles.row}>
      <div className={styles.facts}>
        <h3>
          {name}
          {isMe && <span className={styles.mark}>you</span>}
        </h3>
        <p className={styles.small}>
          <code>{user_id}</code> · added <Time at={added_at} />
        </p>
        {error && <ErrorText error={error} />}
      </div>
      {mayChange ? (
        <div className={styles.actions}>
          <select className={selectClass} aria-label={`What ${name} may do`} value={permission_level} disabled={change.isPending} onChange={({ target }) => change.mutate(Number(target.value) as Level)}>
            {offered.map(({ level }) => (
              <option key={level} value={level}>
                {levelName(level)}
              </option>
            ))}
          </select>
          <Confirm label="Remove" question={`Remove ${name} from the project?`} isPending={remove.isPending} act={() => remove.mutate()}>
            Their keys are refused here from then on, uploads under way too. What they made stays.
          </Confirm>
        </div>
      ) : (
        <p>{levelName(permission_level)}</p>
      )}
    </li>
  );
}
