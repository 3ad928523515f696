import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/ask.js';
import { CopyButton } from '../../ui/copy-button.js';
import styles from './page.module.css';

/** Who is signed in, by the id by which others take them into a project. */
export function WhoAmI() {
  const { data } = useQuery(ask('auth.whoami', {}));
  if (!data?.user) return null;
  const { user_id, user_name } = data.user;
  return (
    <p className={styles.who}>
      You are {user_name ?? 'a user without a name'}. Your user id, for those who take you into a project: <code>{user_id}</code> <CopyButton text={user_id} what="user id" />
    </p>
  );
}
