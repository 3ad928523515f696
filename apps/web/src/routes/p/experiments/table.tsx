import { VirtualBody } from '../../../rows/virtual-body.js';
import type { ShownColumns } from './columns.js';
import { Head } from './head.js';
import { ExperimentRow } from './row.js';
import type { ExperimentsSearch, Row } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly rows: readonly Row[];
  readonly total: number;
  readonly columns: ShownColumns;
  readonly search: ExperimentsSearch;
  readonly change: (changes: ExperimentsSearch) => void;
  /** Those that are chosen to be compared, and how one is chosen, or not any more. */
  readonly chosen: readonly string[];
  readonly choose: (id: string) => void;
  /** What is shown answers an older question. */
  readonly isStale: boolean;
  /** Asks for the next rows; undefined where there are none, or they are on their way. */
  readonly more: (() => void) | undefined;
}

export function ExperimentTable({ project, rows, total, columns, search, change, chosen, choose, isStale, more }: Props) {
  const chooseTag = (tag: string) => change({ tag });
  return (
    <table className={`${table.table} ${styles.table}`} aria-rowcount={total + 1} data-stale={isStale || undefined} aria-busy={isStale}>
      <Head columns={columns} search={search} change={change} />
      <VirtualBody
        count={rows.length}
        rowHeight={52}
        columns={5 + columns.metrics.length + columns.params.length}
        keyOf={(index) => rows[index]!.experiment_id}
        more={more}
        row={(index, measure) => (
          <ExperimentRow key={rows[index]!.experiment_id} row={rows[index]!} index={index} columns={columns} project={project} chooseTag={chooseTag} isChosen={chosen.includes(rows[index]!.experiment_id)} choose={choose} measure={measure} />
        )}
      />
    </table>
  );
}
