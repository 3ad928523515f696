import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../../../../api/ask.js';
import { Button } from '../../../../ui/button.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Notice } from '../../../../ui/notice.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { useTitle } from '../../../../ui/title.js';
import { knownTypes } from './event-types.js';
import { eventCount } from './events.js';
import { FilteredLog } from './filtered-log.js';
import { Filters } from './filters.js';
import { Jump } from './jump.js';
import type { LogSearch } from './search.js';
import { useMovingAway } from './use-moving-away.js';
import { WholeLog } from './whole-log.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/e/$experiment/log');

/** What happened to the experiment: all of it or some, from its beginning or from its end. */
export default function LogPage() {
  useTitle('Log');
  const { project, experiment } = route.useParams();
  const linked = route.useSearch();
  const search = { ...linked, types: knownTypes(linked.types), device: linked.device !== undefined && /^[0-9a-f]{32}$/.test(linked.device) ? linked.device : undefined };
  const navigate = route.useNavigate();
  const { data: count, error, refetch } = useQuery(eventCount(project, experiment));
  const [follows, setFollows] = useState(search.at === undefined);
  const [jump, setJump] = useState(0);
  // Others are looked at from their end, like all of them at first.
  const which = `${search.types} ${search.job} ${search.device}`;
  const [shownWhich, setShownWhich] = useState(which);
  if (which !== shownWhich) {
    setShownWhich(which);
    setFollows(search.at === undefined);
  }
  const [shown, setShown] = useState(count);
  const isNewestFirst = search.order === 'desc';
  // Newest first, what comes would push away what somebody reads.
  if ((follows || !isNewestFirst || shown === undefined) && shown !== count) setShown(count);

  const change = (changes: LogSearch) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false });
  const stop = () => setFollows(false);
  useMovingAway(stop);
  function goTo(number?: number) {
    setFollows(number === undefined);
    setJump(jump + 1);
    change({ at: number });
  }
  const clear = () => change({ types: undefined, job: undefined, device: undefined, at: undefined });

  if (error && count === undefined) return <ErrorPanel what="The log" error={error} again={() => void refetch()} />;
  if (count === undefined || shown === undefined) return <Skeleton lines={10} height="2rem" />;
  const log = { project, experiment, isNewestFirst, at: search.at, newest: shown, follows };
  return (
    <section aria-label="Log">
      <Filters project={project} experiment={experiment} search={search} change={change} />
      <div className={styles.tools}>
        <p>{count.toLocaleString('en')} events</p>
        <Button aria-pressed={follows} onClick={() => (follows ? stop() : goTo())}>
          Follow
        </Button>
        {count > shown && <Button onClick={() => goTo()}>{(count - shown).toLocaleString('en')} newer</Button>}
        <Jump project={project} experiment={experiment} count={count} goTo={goTo} />
      </div>
      {(search.types ?? search.job ?? search.device) !== undefined ? <Some {...log} key={`${jump} ${which} ${search.order} ${search.at}`} search={search} clear={clear} /> : <WholeLog {...log} key={jump} />}
    </section>
  );
}

type SomeProps = Parameters<typeof WholeLog>[0] & { readonly search: LogSearch; readonly clear: () => void };

/** Jobs have a number in the URL, and are asked for by their id. */
function Some({ search: { types, job, device }, ...log }: SomeProps) {
  const { project, experiment, clear } = log;
  const ids = { project_id: project, experiment_id: experiment };
  const { data: jobs, error, refetch } = useQuery({ ...ask('experiment.get', ids), enabled: job !== undefined, select: (body) => body.jobs });
  if (job !== undefined && error && !jobs) return <ErrorPanel what="The jobs" error={error} again={() => void refetch()} />;
  if (job !== undefined && !jobs) return <Skeleton lines={10} height="2rem" />;
  const job_id = job === undefined ? undefined : jobs?.[job - 1];
  if (job !== undefined && job_id === undefined) {
    return (
      <Notice title={`There is no job ${job}`}>
        <Button onClick={clear}>Clear filters</Button>
      </Notice>
    );
  }
  return <FilteredLog {...log} asked={{ ...ids, ...(types !== undefined && { types }), ...(job_id !== undefined && { job_id }), ...(device !== undefined && { device_id: device }) }} />;
}
