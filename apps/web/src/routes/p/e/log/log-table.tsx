import type { ReactNode, Ref } from 'react';
import { VirtualBody, type Scroller } from '../../../../rows/virtual-body.js';
import table from '../../../../rows/table.module.css';

interface Props {
  readonly ref: Ref<Scroller>;
  readonly count: number;
  /** How many there are in all, where that is known. */
  readonly total?: number;
  /** The number of the event at an index. */
  readonly numberAt: (index: number) => number;
  readonly row: (index: number, measure: Ref<HTMLTableRowElement>) => ReactNode;
  readonly more?: (() => void) | undefined;
}

/** Events as a table, of which only the rows on the screen are there. */
export const LogTable = ({ ref, count, total, numberAt, row, more }: Props) => (
  <table className={table.table} aria-rowcount={total === undefined ? -1 : total + 1}>
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">No.</th>
        <th scope="col">When</th>
        <th scope="col">What</th>
        <th scope="col">About</th>
      </tr>
    </thead>
    <VirtualBody ref={ref} count={count} rowHeight={44} columns={4} keyOf={(index) => String(numberAt(index))} row={row} more={more} />
  </table>
);
