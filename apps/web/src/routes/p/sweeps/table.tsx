import { Link } from '@tanstack/react-router';
import type { ListedSweep } from '../../../api/sweep.js';
import { sweepName } from '../../../api/sweep.js';
import { VirtualBody } from '../../../rows/virtual-body.js';
import { SweepStatus } from '../../../ui/sweep-status.js';
import { Time } from '../../../ui/time.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly sweeps: readonly ListedSweep[];
  /** Asks for the next rows; undefined where there are none, or they are on their way. */
  readonly more: (() => void) | undefined;
}

export const SweepTable = ({ project, sweeps, more }: Props) => (
  <table className={table.table} aria-rowcount={more ? -1 : sweeps.length + 1}>
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">Sweep</th>
        <th scope="col">State</th>
        <th scope="col" className={table.number}>
          Forks
        </th>
        <th scope="col" className={table.wide}>
          Ranked by
        </th>
        <th scope="col" className={table.wide}>
          Made
        </th>
      </tr>
    </thead>
    <VirtualBody
      count={sweeps.length}
      rowHeight={44}
      columns={5}
      keyOf={(index) => sweeps[index]!.sweep_id}
      more={more}
      row={(index, measure) => {
        const sweep = sweeps[index]!;
        return (
          <tr key={sweep.sweep_id} ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row}>
            <th scope="row" className={styles.name}>
              <Link to="/p/$project/s/$sweep" params={{ project, sweep: sweep.sweep_id }} data-row={index}>
                {sweepName(sweep)}
              </Link>
            </th>
            <td className={styles.state}>
              <SweepStatus status={sweep.status} />
            </td>
            <td className={table.number}>{sweep.num_members}</td>
            <td className={table.wide}>
              {sweep.metric}, {sweep.mode === 'min' ? 'lowest' : 'highest'} first
            </td>
            <td className={table.wide}>
              <Time at={sweep.created_at} />
            </td>
          </tr>
        );
      }}
    />
  </table>
);
