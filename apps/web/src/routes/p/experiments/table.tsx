import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ShownColumns } from './columns.js';
import { Head } from './head.js';
import { ExperimentRow } from './row.js';
import type { ExperimentsSearch, Row } from './search.js';
import { useRowKeys } from './use-row-keys.js';
import styles from './page.module.css';

const ROW_HEIGHT = 52;
/** Rows beyond what is seen, above and below: not so many that the page gets heavy. */
const OVERSCAN = 8;
/** How many rows before the end the next ones are asked for. */
const AHEAD = 30;

interface Props {
  readonly project: string;
  readonly rows: readonly Row[];
  readonly total: number;
  readonly columns: ShownColumns;
  readonly search: ExperimentsSearch;
  readonly change: (changes: ExperimentsSearch) => void;
  /** What is shown answers an older question. */
  readonly isStale: boolean;
  /** Asks for the next rows; undefined where there are none, or they are on their way. */
  readonly more: (() => void) | undefined;
}

/** A table of which only the rows on the screen are there. */
export function ExperimentTable({ project, rows, total, columns, search, change, isStale, more }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: body.current?.offsetTop ?? 0,
    getItemKey: (index) => rows[index]!.experiment_id,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - AHEAD) more?.();
  }, [last, rows.length, more]);
  useRowKeys(rows.length, (index) => virtual.scrollToIndex(index));

  const above = (shown[0]?.start ?? 0) - virtual.options.scrollMargin;
  const below = virtual.getTotalSize() + virtual.options.scrollMargin - (shown.at(-1)?.end ?? 0);
  const width = 4 + columns.metrics.length + columns.params.length;
  return (
    <table className={styles.table} aria-rowcount={total + 1} data-stale={isStale || undefined} aria-busy={isStale}>
      <Head columns={columns} search={search} change={change} />
      <tbody ref={body}>
        <Space width={width} height={above} />
        {shown.map(({ index, key }) => (
          <ExperimentRow key={String(key)} row={rows[index]!} index={index} columns={columns} project={project} chooseTag={(tag) => change({ tag })} measure={virtual.measureElement} />
        ))}
        <Space width={width} height={below} />
      </tbody>
    </table>
  );
}

/** In the place of the rows that are not there. */
const Space = ({ width, height }: { width: number; height: number }) =>
  height > 0 ? (
    <tr aria-hidden="true">
      <td colSpan={width} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
