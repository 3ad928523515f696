import { Link } from '@tanstack/react-router';
import type { Job } from '../api/job.js';
import { JobStatus, jobLooks } from '../ui/job-status.js';
import { duration } from '../ui/time.js';
import type { Bar } from './lay-out-lane.js';
import type { Replacement } from './use-replacements.js';
import hidden from '../ui/hidden.module.css';
import styles from './lane.module.css';

interface Props {
  readonly job: Job;
  readonly bar: Bar;
  readonly width: number;
  readonly top: number;
  readonly replaced: readonly Replacement[];
  readonly now: number;
  readonly project: string;
  readonly experiment: string;
}

/** A job: what it is in words, and its bar. All of it leads to the job. */
export function LaneRow({ job, bar, width, top, replaced, now, project, experiment }: Props) {
  return (
    <li className={styles.row} style={{ transform: `translateY(${top}px)` }}>
      <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment, number: String(job.sequence) }} className={styles.link} title={job.reason ?? undefined}>
        <span className={hidden.hidden}>{inWords(job, replaced, now)}</span>
        <span className={styles.label} aria-hidden="true">
          <b>{job.sequence}</b>
          <JobStatus status={job.status} />
          <span className={styles.count}>
            {job.kind === 'EVALUATE' && 'eval '}
            {job.num_updates}/{job.num_devices}
          </span>
        </span>
        <svg className={styles.bar} width={width} height={34} aria-hidden="true">
          {bar.segments.map(({ kind, x, width: length }) => (
            <rect key={kind} className={styles[kind]} x={x} y={12} width={length} height={14} rx={2} data-status={job.status} />
          ))}
          {bar.ticks.map((x) => (
            <path key={x} className={styles.tick} d={`M${x} 5v6`} />
          ))}
          {bar.notches.map(({ x, which }) => (
            <path key={x} className={styles.notch} d={`M${x} 25l4 7h-8z`}>
              <title>{which.map((one) => whyReplaced(replaced[one]!)).join('\n')}</title>
            </path>
          ))}
        </svg>
      </Link>
    </li>
  );
}

const whyReplaced = ({ name, reason }: Replacement): string => `${name} was replaced: ${reason}`;

/** So many reasons are told; the job's page has all of them. */
const MOST_TOLD = 3;

function whyAll(replaced: readonly Replacement[]): string {
  if (replaced.length === 0) return '';
  const told = replaced.slice(0, MOST_TOLD).map(({ name, reason }) => `${name}: ${reason}`);
  return ` (${[...told, ...(replaced.length > MOST_TOLD ? ['…'] : [])].join('; ')})`;
}

function inWords({ sequence, kind, status, num_updates, num_devices, started_at, ended_at, reason, device_counts }: Job, replaced: readonly Replacement[], now: number): string {
  const took = started_at === null ? undefined : ((ended_at === null ? now : Date.parse(ended_at)) - Date.parse(started_at)) / 1000;
  return [
    kind === 'EVALUATE' ? `Job ${sequence}, an evaluation` : `Job ${sequence}`,
    (jobLooks[status]?.word ?? status).toLowerCase(),
    `${num_updates} of ${num_devices} ${kind === 'EVALUATE' ? 'answers' : 'updates'}`,
    device_counts.replaced > 0 && `${device_counts.replaced} replaced${whyAll(replaced)}`,
    took !== undefined && duration(took),
    reason,
  ]
    .filter(Boolean)
    .join(', ');
}
