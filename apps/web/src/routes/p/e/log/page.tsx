import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { VirtualBody, type Scroller } from '../../../../rows/virtual-body.js';
import { Button } from '../../../../ui/button.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { inputClass } from '../../../../ui/field.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { useTitle } from '../../../../ui/title.js';
import { eventCount } from './events.js';
import { EventRow } from './event-row.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/e/$experiment/log');

/** What happened to the experiment, the newest at the bottom. */
export default function LogPage() {
  useTitle('Log');
  const { project, experiment } = route.useParams();
  const { data: count, error, refetch } = useQuery(eventCount(project, experiment));
  const scroller = useRef<Scroller>(null);
  const [follows, setFollows] = useState(true);
  // As in a terminal: it goes along for who is at its end.
  useEffect(() => {
    if (follows && count) scroller.current?.scrollTo(count - 1);
  }, [follows, count]);
  const stop = () => setFollows(false);

  if (error && count === undefined) return <ErrorPanel what="The log" error={error} again={() => void refetch()} />;
  if (count === undefined) return <Skeleton lines={10} height="2rem" />;
  return (
    <section aria-label="Log" onWheel={stop} onTouchMove={stop}>
      <div className={styles.tools}>
        <p>{count.toLocaleString('en')} events</p>
        <Button aria-pressed={follows} onClick={() => setFollows(!follows)}>
          Follow
        </Button>
        <form
          className={styles.jump}
          onSubmit={(event) => {
            event.preventDefault();
            const number = Number(new FormData(event.currentTarget).get('number'));
            stop();
            scroller.current?.scrollTo(Math.max(0, Math.min(count, number) - 1));
          }}
        >
          <input className={inputClass} name="number" type="number" min={1} max={count} aria-label="Number of an event" placeholder="Number" required />
          <Button type="submit">Go</Button>
        </form>
      </div>
      <table className={table.table} aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">No.</th>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">About</th>
          </tr>
        </thead>
        <VirtualBody
          ref={scroller}
          count={count}
          rowHeight={44}
          columns={4}
          keyOf={String}
          row={(index, measure) => <EventRow key={index} project={project} experiment={experiment} number={index + 1} measure={measure} />}
        />
      </table>
    </section>
  );
}
