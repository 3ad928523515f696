import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Scroller } from '../../../../rows/virtual-body.js';
import { NumberedRow } from './event-row.js';
import { eventNumber } from './events.js';
import { LogTable } from './log-table.js';

/** How many frames rows may take until each has its height. */
const FRAMES = 10;
/** How many rows a screen may show. */
const IN_SIGHT = 40;

export interface LogProps {
  readonly project: string;
  readonly experiment: string;
  readonly isNewestFirst: boolean;
  /** The number of the event that somebody went to. */
  readonly at: number | undefined;
  /** The number of the newest event that is to be shown. */
  readonly newest: number;
  /** It goes along with what comes. */
  readonly follows: boolean;
}

/** All events. Any part of the log can be scrolled to, and is read when it is seen. */
export function WholeLog({ project, experiment, isNewestFirst, at, newest, follows }: LogProps) {
  const scroller = useRef<Scroller>(null);
  const numberAt = (index: number) => (isNewestFirst ? newest - index : index + 1);
  const goal = follows ? newest : at && Math.min(at, newest);
  // What comes later is at the other end, or held back: it moves nobody who does not follow.
  const goalIndex = goal && (isNewestFirst ? newest - goal : goal - 1);
  // Rows grow when they are read: then it is time to go there once more.
  const { isSuccess: isRead } = useQuery({ ...eventNumber(project, experiment, goal ?? 1), enabled: goal !== undefined });
  const { isSuccess: areThoseBefore } = useQuery({ ...eventNumber(project, experiment, Math.max(1, (goal ?? 1) - IN_SIGHT)), enabled: goal !== undefined });
  useEffect(() => {
    if (goalIndex === undefined) return undefined;
    // Rows are measured after they are drawn.
    let left = FRAMES;
    let frame = 0;
    const go = () => {
      scroller.current?.scrollTo(goalIndex, follows ? 'auto' : 'start');
      if (left-- > 0) frame = requestAnimationFrame(go);
    };
    go();
    return () => cancelAnimationFrame(frame);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what has been read says when it is time, and nothing else
  }, [goalIndex, follows, isRead, areThoseBefore]);
  return (
    <LogTable
      ref={scroller}
      count={newest}
      total={newest}
      numberAt={numberAt}
      row={(index, measure) => {
        const number = numberAt(index);
        return <NumberedRow key={number} project={project} experiment={experiment} number={number} index={index} isMeant={number === at} measure={measure} />;
      }}
    />
  );
}
