import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { pages, type EntryOf } from '../../api/pages.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/confirm.js';
import { ErrorPanel, ErrorText } from '../../ui/error-panel.js';
import { say } from '../../ui/live-region.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useNow } from '../../ui/now.js';
import { Time } from '../../ui/time.js';
import styles from './page.module.css';

type Key = EntryOf<'auth.list'>;

/** The keys of who is signed in, newest first, with those that hold no more. */
export function Keys() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(pages('auth.list', { limit: 50 }));
  return (
    <section className={styles.part} aria-labelledby="your-keys">
      <h2 id="your-keys">Your keys</h2>
      {error && !data && <ErrorPanel what="Your keys" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={3} height="3.5rem" />}
      <ul className={styles.list}>
        {data?.map((key) => (
          <KeyRow key={key.key_id} entry={key} />
        ))}
      </ul>
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more keys
        </Button>
      )}
    </section>
  );
}

function KeyRow({ entry }: { entry: Key }) {
  const { key_id, label, created_at, last_used_at, expires_at, revoked_at, is_current } = entry;
  const queries = useQueryClient();
  const name = label ?? key_id.slice(0, 8);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.APIKey.revoke({ key_id }),
    async onSuccess() {
      say(`The key ${name} was revoked.`);
      await queries.invalidateQueries();
    },
  });
  const now = useNow(60_000);
  const isPast = expires_at !== null && Date.parse(expires_at) <= now;
  return (
    <li className={styles.row}>
      <div className={styles.facts}>
        <h3>
          {name}
          {is_current && <span className={styles.mark}>key of this session</span>}
        </h3>
        <p className={styles.small}>
          <code>{key_id.slice(0, 8)}</code> · made <Time at={created_at} /> · {last_used_at === null ? 'never used' : <>used <Time at={last_used_at} /></>} ·{' '}
          {revoked_at !== null ? <>revoked <Time at={revoked_at} /></> : expires_at === null ? 'does not expire' : <>{isPast ? 'expired' : 'expires'} <Time at={expires_at} /></>}
        </p>
        {error && <ErrorText error={error} />}
      </div>
      {revoked_at === null && !isPast && (
        <Confirm label="Revoke" question={`Revoke the key ${name}?`} isPending={isPending} act={() => mutate()}>
          Every program that uses it is refused from then on, uploads under way too, and every browser that signed in with it is signed out.
          {is_current && ' This one as well: you will need another key to come back.'} It cannot be taken back.
        </Confirm>
      )}
    </li>
  );
}
