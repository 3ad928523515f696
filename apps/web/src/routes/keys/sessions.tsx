import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { pages, type EntryOf } from '../../api/pages.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/confirm.js';
import { ErrorPanel, ErrorText } from '../../ui/error-panel.js';
import { say } from '../../ui/live-region.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Time } from '../../ui/time.js';
import styles from './page.module.css';

/** The browsers that are signed in, this one marked. */
export function Sessions() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(pages('auth.sessions', { limit: 50 }));
  return (
    <section className={styles.part} aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      {error && !data && <ErrorPanel what="Your sessions" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={2} height="3.5rem" />}
      <ul className={styles.list}>
        {data?.map((session) => (
          <SessionRow key={session.session_id} session={session} />
        ))}
      </ul>
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more sessions
        </Button>
      )}
    </section>
  );
}

function SessionRow({ session: { session_id, key_id, created_at, last_used_at, expires_at, user_agent, is_current } }: { session: EntryOf<'auth.sessions'> }) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.APIKey.revoke_session({ session_id }),
    async onSuccess() {
      say('The session was ended.');
      await queries.invalidateQueries({ queryKey: ['auth.sessions'] });
    },
  });
  return (
    <li className={styles.row}>
      <div className={styles.facts}>
        <h3>
          {user_agent ?? 'A browser that does not say which'}
          {is_current && <span className={styles.mark}>this session</span>}
        </h3>
        <p className={styles.small}>
          key <code>{key_id.slice(0, 8)}</code> · began <Time at={created_at} /> · used <Time at={last_used_at} /> · over <Time at={expires_at} /> at the latest
        </p>
        {error && <ErrorText error={error} />}
      </div>
      {!is_current && (
        <Confirm label="End the session" question="End this session?" isPending={isPending} act={() => mutate()}>
          That browser is signed out at once, uploads under way too. Its key still holds.
        </Confirm>
      )}
    </li>
  );
}
