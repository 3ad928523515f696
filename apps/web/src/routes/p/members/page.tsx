import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../../api/ask.js';
import { pages } from '../../../api/pages.js';
import { Button } from '../../../ui/button.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { levelName } from '../../../ui/level-name.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { AddMember } from './add-member.js';
import { levels, levelsFor } from './levels.js';
import { MemberRow } from './member-row.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/members');
const MANAGER = 10;

/** The people of a project, and what each may do. */
export default function MembersPage() {
  useTitle('Members');
  const { project } = route.useParams();
  const { data: me } = useQuery(ask('auth.whoami', {}));
  const { data: overview } = useQuery(ask('project.overview', { project_id: project }));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(pages('project.members', { project_id: project, limit: 50 }));
  const mine = overview?.permission_level ?? 0;
  const offered = mine >= MANAGER ? levelsFor(mine) : [];
  return (
    <>
      <h1>Members</h1>
      {offered.length > 0 && <AddMember project={project} offered={offered} />}
      <section className={styles.part} aria-labelledby="people">
        <h2 id="people">Who is in the project</h2>
        {error && !data && <ErrorPanel what="The members" error={error} again={() => void refetch()} />}
        {!error && !data && <Skeleton lines={3} height="3.5rem" />}
        <ul className={styles.list}>
          {data?.map((member) => (
            <MemberRow key={member.user_id} project={project} member={member} offered={offered} isMe={member.user_id === me?.user?.user_id} />
          ))}
        </ul>
        {hasNextPage && (
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more members
          </Button>
        )}
      </section>
      <section className={styles.part} aria-labelledby="levels">
        <h2 id="levels">What they may do</h2>
        <dl className={styles.levels}>
          {levels.map(({ level, may }, index) => (
            <div key={level}>
              <dt>{levelName(level)}</dt>
              <dd>
                {index > 0 && 'the same, and '}
                {may}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
