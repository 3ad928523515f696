import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Scroller } from '../../../../rows/virtual-body.js';
import { Button } from '../../../../ui/button.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Notice } from '../../../../ui/notice.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { EventRow } from './event-row.js';
import { LogTable } from './log-table.js';
import { logWindow, type Asked } from './log-window.js';
import type { LogProps } from './whole-log.js';

interface Props extends LogProps {
  readonly asked: Asked;
  readonly clear: () => void;
}

/** Some events. Nobody knows how many there are: they are read page by page, in both directions from where somebody went. */
export function FilteredLog({ project, experiment, asked, isNewestFirst, at, newest, follows, clear }: Props) {
  const [opened] = useState(newest);
  const start = at === undefined ? { before: opened + 1 } : isNewestFirst ? { before: at + 1 } : { after: at - 1 };
  const { data, error, refetch, fetchNextPage, fetchPreviousPage, isFetching } = useInfiniteQuery(logWindow(asked, start, opened));
  const scroller = useRef<Scroller>(null);
  const { events = [], hasOlder = false, hasNewer = false } = data ?? {};
  const count = events.length;
  const isAtEnd = data !== undefined && !hasNewer;
  useEffect(() => {
    if (isAtEnd && newest > opened) void fetchNextPage();
  }, [isAtEnd, newest, opened, fetchNextPage]);
  const end = isNewestFirst ? Math.min(0, count - 1) : count - 1;
  // What was read earlier may have more above it than was asked for.
  const goal = at === undefined ? end : isNewestFirst ? count - 1 - Math.max(0, events.findLastIndex(({ sequence }) => sequence <= at)) : Math.max(0, events.findIndex(({ sequence }) => sequence >= at));
  const hasArrived = useRef(false);
  useEffect(() => {
    if (end < 0 || (hasArrived.current && !follows)) return;
    scroller.current?.scrollTo(follows ? end : goal, at === undefined ? 'auto' : 'start');
    hasArrived.current = true;
  }, [follows, end, goal, at]);
  // What was the first row stays in sight, with what has come above it.
  const top = (isNewestFirst ? events.at(-1) : events[0])?.sequence;
  const before = useRef<{ readonly top: number | undefined; readonly count: number }>(undefined);
  useEffect(() => {
    const was = before.current;
    before.current = undefined;
    if (was && was.top !== top) scroller.current?.scrollTo(count - was.count);
  }, [count, top]);

  const newer = hasNewer && fetchNextPage;
  const older = hasOlder && fetchPreviousPage;
  const [first, last] = isNewestFirst ? [newer, older] : [older, newer];
  if (error && !data) return <ErrorPanel what="The log" error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton lines={10} height="2rem" />;
  if (count === 0 && !first && !last) return <NothingFound clear={clear} />;
  const eventAt = (index: number) => events[isNewestFirst ? count - 1 - index : index]!;
  return (
    <>
      {first && (
        <Button
          disabled={isFetching}
          onClick={() => {
            before.current = { top, count };
            void first();
          }}
        >
          {isNewestFirst ? 'Show newer ones' : 'Show earlier ones'}
        </Button>
      )}
      <LogTable
        ref={scroller}
        count={count}
        {...(!first && !last && { total: count })}
        numberAt={(index) => eventAt(index).sequence}
        row={(index, measure) => {
          const event = eventAt(index);
          return <EventRow key={event.sequence} project={project} experiment={experiment} number={event.sequence} index={index} isMeant={event.sequence === at} measure={measure} event={event} />;
        }}
        more={last && !isFetching && !error ? () => void last() : undefined}
      />
      {error && <ErrorPanel what="The rest of the log" error={error} again={() => void refetch()} />}
    </>
  );
}

const NothingFound = ({ clear }: { clear: () => void }) => (
  <Notice title="No event fits">
    <p>The log has events, but none that you have filtered for.</p>
    <Button onClick={clear}>Clear filters</Button>
  </Notice>
);
