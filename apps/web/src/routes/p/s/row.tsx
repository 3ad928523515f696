import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import type { Fork, Sweep } from '../../../api/sweep.js';
import { number } from '../../../ui/number.js';
import { ForkStatus } from '../../../ui/sweep-status.js';
import { chosenFor } from './ranking.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly fork: Fork;
  /** Which one it is of all, from 0: the best one first. */
  readonly index: number;
  /** Paths of the hyperparameters in which forks differ. */
  readonly differing: readonly string[];
  /** The best value of all forks; undefined where none is told apart. */
  readonly best: number | undefined;
  readonly mode: Sweep['mode'];
  readonly measure: Ref<HTMLTableRowElement>;
}

export function ForkRow({ project, fork, index, differing, best, mode, measure }: Props) {
  const { experiment_id, name, num_jobs, num_completed, status, stopped } = fork;
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <td className={table.number}>{fork.best ? index + 1 : '–'}</td>
      <th scope="row" className={styles.name}>
        <Link to="/p/$project/e/$experiment" params={{ project, experiment: experiment_id }} data-row={index}>
          {name ?? experiment_id.slice(0, 8)}
        </Link>
      </th>
      {differing.map((path) => (
        <td key={path}>{chosenFor(fork, path)}</td>
      ))}
      <td className={table.number}>
        {fork.best ? (
          <>
            {number(fork.best.value)}{' '}
            <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment: experiment_id, number: String(fork.best.sequence) }} className={styles.job}>
              job {fork.best.sequence}
            </Link>
            {fork.best.value === best && <div className={table.best}>{mode === 'min' ? '▼ lowest' : '▲ highest'}</div>}
          </>
        ) : (
          '–'
        )}
      </td>
      <td className={table.number}>{fork.last ? number(fork.last.value) : '–'}</td>
      <td className={table.number}>
        {num_completed} of {num_jobs}
      </td>
      <td>
        <ForkStatus status={status} isStopped={stopped !== null} />
        {stopped && <div className={table.quiet}>{stopped.reason}</div>}
      </td>
    </tr>
  );
}
