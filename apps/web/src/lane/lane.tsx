import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { lazy, useRef, useState } from 'react';
import type { Job } from '../api/job.js';
import { useKey } from '../app/keys/use-key.js';
import { usePageTop } from '../rows/use-page-top.js';
import { Button } from '../ui/button.js';
import { Late } from '../ui/late.js';
import { useNow } from '../ui/now.js';
import { Folds } from './folds.js';
import { LaneRow } from './lane-row.js';
import { layOutLane, type LaneJob } from './lay-out-lane.js';
import { useReplacements, type Replacement } from './use-replacements.js';
import { useWidth } from './use-width.js';
import styles from './lane.module.css';

const MiniMap = lazy(async () => ({ default: (await import('./mini-map.js')).MiniMap }));

const ROW_HEIGHT = 36;
const ZOOMS = [1, 2, 4, 8, 16, 32] as const;
/** Of more jobs there is a mini-map. */
const MOST_WITHOUT_MAP = 200;

interface Props {
  readonly project: string;
  readonly experiment: string;
  /** Newest first. */
  readonly jobs: readonly Job[];
  /** When the updates of a job arrived, as far as it is known. */
  readonly updates: ReadonlyMap<string, readonly number[]>;
  readonly by: 'time' | 'number';
  readonly choose: (by: 'time' | 'number') => void;
}

/** The jobs of an experiment below each other, newest on top, each with what it went through from left to right. */
export function Lane({ project, experiment, jobs, updates, by, choose }: Props) {
  const [room, width] = useWidth();
  const body = useRef<HTMLUListElement>(null);
  const [zoom, setZoom] = useState(0);
  const zoomTo = (level: number) => setZoom(Math.max(0, Math.min(ZOOMS.length - 1, level)));
  useKey('+', 'Zoom in', () => zoomTo(zoom + 1));
  useKey('-', 'Zoom out', () => zoomTo(zoom - 1));
  useKey('0', 'The whole lane', () => zoomTo(0));
  const isLive = jobs.some(({ ended_at }) => ended_at === null);
  const now = useNow(isLive ? 1000 : 60_000);
  const wide = width * ZOOMS[zoom]!;
  const replaced = useReplacements(project, jobs);
  const { bars, folds } = layOutLane(jobs.map((job) => laneJob(job, updates, replaced)), { by, now, width: Math.max(1, wide) });
  const virtual = useWindowVirtualizer({ count: jobs.length, estimateSize: () => ROW_HEIGHT, overscan: 10, scrollMargin: usePageTop(body) });

  const shown = virtual.getVirtualItems();
  return (
    <div className={styles.lane}>
      {jobs.length > MOST_WITHOUT_MAP && (
        <Late fallback={<div className={styles.map} />} instead={null}>
          <MiniMap jobs={jobs} bars={bars} laneWidth={wide} top={virtual.options.scrollMargin} rowHeight={ROW_HEIGHT} />
        </Late>
      )}
      <div className={styles.tools} role="group" aria-label="How the lane is drawn">
        <Button aria-pressed={by === 'time'} onClick={() => choose('time')}>By time</Button>
        <Button aria-pressed={by === 'number'} onClick={() => choose('number')}>By number</Button>
        <Button aria-label="Zoom out" disabled={zoom === 0} onClick={() => zoomTo(zoom - 1)}>−</Button>
        <Button aria-label="Zoom in" disabled={zoom === ZOOMS.length - 1} onClick={() => zoomTo(zoom + 1)}>+</Button>
      </div>
      <div
        className={styles.scroll}
        {...(zoom > 0 && { tabIndex: 0, role: 'group', 'aria-label': 'Jobs over time' })}
        onWheel={(event) => {
          if (event.ctrlKey) zoomTo(zoom + (event.deltaY < 0 ? 1 : -1));
        }}
      >
        <div ref={room} className={styles.room} />
        <Folds folds={folds} height={virtual.getTotalSize()} width={wide} />
        <ul ref={body} className={styles.rows} style={{ height: virtual.getTotalSize() }} aria-label={`${jobs.length} jobs, newest first`}>
          {shown.map(({ index, start }) => (
            <LaneRow key={jobs[index]!.job_id} job={jobs[index]!} bar={bars[index]!} width={wide} top={start - virtual.options.scrollMargin} replaced={replaced.get(jobs[index]!.job_id) ?? []} now={now} project={project} experiment={experiment} />
          ))}
        </ul>
      </div>
    </div>
  );
}

const time = (text: string | null): number | null => (text === null ? null : Date.parse(text));

const laneJob = ({ job_id, sequence, created_at, started_at, aggregation_started_at, ended_at }: Job, updates: Props['updates'], replaced: ReadonlyMap<string, readonly Replacement[]>): LaneJob => ({
  id: job_id,
  sequence,
  createdAt: Date.parse(created_at),
  startedAt: time(started_at),
  aggregationStartedAt: time(aggregation_started_at),
  endedAt: time(ended_at),
  updatesAt: updates.get(job_id) ?? [],
  replacedAt: replaced.get(job_id)?.map(({ at }) => at) ?? [],
});
