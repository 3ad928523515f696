import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { VirtualBody } from '../../../../rows/virtual-body.js';
import { JobStatus } from '../../../../ui/job-status.js';
import { number } from '../../../../ui/number.js';
import type { Series } from './curve-of.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly series: Series;
  readonly names: readonly string[];
}

/** The numbers that the charts draw, a row for each job, the newest on top. */
export function MetricsTable({ project, experiment, series, names }: Props) {
  const count = series.sequence.length;
  const entryOf = (index: number) => count - 1 - index;
  const row = (index: number, measure: Ref<HTMLTableRowElement>) => {
    const entry = entryOf(index);
    const sequence = String(series.sequence[entry]);
    return (
      <tr key={sequence} ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row}>
        <th scope="row">
          <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment, number: sequence }} data-row={index}>
            Job {sequence}
          </Link>
        </th>
        <td>
          <JobStatus status={series.status[entry]!} />
        </td>
        {names.map((name) => {
          const { mean, p10, p90 } = series.metrics[name]!;
          const [value, low, high] = [mean[entry] ?? null, p10[entry] ?? null, p90[entry] ?? null];
          return (
            <td key={name} className={table.number}>
              {value === null ? '–' : number(value)}
              {low !== null && high !== null && low !== high && (
                <div className={table.quiet}>
                  {number(low)} to {number(high)}
                </div>
              )}
            </td>
          );
        })}
      </tr>
    );
  };
  return (
    <div className={styles.sideways} role="region" aria-label="Metrics as a table" tabIndex={0}>
      <table className={table.table} aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            {names.map((name) => (
              <th key={name} scope="col" className={table.number}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <VirtualBody count={count} rowHeight={44} columns={names.length + 2} keyOf={(index) => String(series.sequence[entryOf(index)])} row={row} />
      </table>
      <p className={styles.note}>Means over the devices of a job, weighted by their examples; below them what lies between p10 and p90.</p>
    </div>
  );
}
