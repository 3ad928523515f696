import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { JobStatus, Shape } from '../../../ui/job-status.js';
import { number } from '../../../ui/number.js';
import { Time } from '../../../ui/time.js';
import type { ShownColumns } from './columns.js';
import type { Row } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly row: Row;
  /** Which one it is of all, from 0. */
  readonly index: number;
  readonly columns: ShownColumns;
  readonly project: string;
  readonly chooseTag: (tag: string) => void;
  readonly isChosen: boolean;
  readonly choose: (id: string) => void;
  readonly measure: Ref<HTMLTableRowElement>;
}

export function ExperimentRow({ row, index, columns: { metrics, params }, project, chooseTag, isChosen, choose, measure }: Props) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <td className={styles.choose}>
        <label className={styles.tick}>
          <input type="checkbox" aria-label={`${row.name ?? row.experiment_id.slice(0, 8)}, to compare`} checked={isChosen} onChange={() => choose(row.experiment_id)} />
        </label>
      </td>
      <th scope="row" className={styles.name}>
        <Link to="/p/$project/e/$experiment" params={{ project, experiment: row.experiment_id }} className={styles.link} data-row={index}>
          {row.name ?? row.experiment_id.slice(0, 8)}
        </Link>
        <div className={styles.below}>
          <code>{row.experiment_id.slice(0, 8)}</code>
          {row.paused_at !== null && <span>paused</span>}
          {row.archived_at !== null && <span>archived</span>}
          {row.tags.map((tag) => (
            <button key={tag} type="button" className={styles.tag} onClick={() => chooseTag(tag)} aria-label={`Only with the tag ${tag}`}>
              {tag}
            </button>
          ))}
        </div>
      </th>
      <td>
        <State row={row} />
      </td>
      {metrics.map((name) => (
        <td key={name} className={`${table.number} ${styles.metric}`}>
          {row.metrics[name] === undefined ? '–' : number(row.metrics[name])}
        </td>
      ))}
      {params.map((name) => (
        <td key={name} className={styles.param}>
          {name in row.params ? String(row.params[name]) : '–'}
        </td>
      ))}
      <td className={`${table.number} ${table.wide}`}>{row.num_jobs}</td>
      <td className={table.wide}>
        <Time at={row.updated_at} />
      </td>
    </tr>
  );
}

/** What runs, else how the last job ended, with the reason where it did not end well. */
function State({ row: { live_job, last_job } }: { row: Row }) {
  if (live_job) {
    return (
      <JobStatus status={live_job.status}>
        {' '}
        job {live_job.sequence}, {live_job.num_updates}/{live_job.num_devices}
      </JobStatus>
    );
  }
  if (last_job) {
    return (
      <>
        <JobStatus status={last_job.status}> job {last_job.sequence}</JobStatus>
        {last_job.reason !== null && <div className={styles.reason}>{last_job.reason}</div>}
      </>
    );
  }
  return (
    <span className={styles.none}>
      <Shape>
        <path d="M3 8h10" />
      </Shape>{' '}
      No job yet
    </span>
  );
}
