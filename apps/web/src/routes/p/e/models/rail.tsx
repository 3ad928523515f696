import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { VirtualBody } from '../../../../rows/virtual-body.js';
import { bytes } from '../../../../ui/number.js';
import { Time } from '../../../../ui/time.js';
import { nameOf, parentOf, pointOf, type Lineage, type Node } from './lineage.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

const COLUMNS = ['Model', 'Came of', 'Size', 'Format', 'SHA-256', 'Made'] as const;

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly lineage: Lineage;
  /** The name of the one that is shown in full. */
  readonly chosen: string | undefined;
}

/** Every model from the newest down to the first start model, forks among them. */
export function Rail({ project, experiment, lineage, chosen }: Props) {
  const { nodes, truncated } = lineage;
  const row = (index: number, measure: Ref<HTMLTableRowElement>) => {
    const node = nodes[index]!;
    const parent = parentOf(node, lineage);
    return (
      <tr key={node.name} ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row} data-other={node.experiment_id === experiment ? undefined : ''}>
        <th scope="row" className={styles.node} data-current={node.is_current || undefined}>
          <ModelLink project={project} experiment={experiment} node={node} row={index} isChosen={node.name === chosen} />
          {node.is_current && <span className={table.quiet}> {node.experiment_id === experiment ? 'current' : 'current there'}</span>}
        </th>
        <td className={table.quiet}>{parent ? nameOf(parent, experiment) : '–'}</td>
        <td className={table.number}>{bytes(node.size)}</td>
        <td className={table.wide}>{node.format}</td>
        <td className={table.wide}>
          <code>{node.sha256.slice(0, 12)}</code>
        </td>
        <td className={`${table.wide} ${table.quiet}`}>
          <Time at={node.created_at} />
        </td>
      </tr>
    );
  };
  return (
    <section aria-labelledby="lineage" className={styles.rail}>
      <h2 id="lineage">Which came of which</h2>
      <table className={table.table} aria-rowcount={nodes.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map((name, index) => (
              <th key={name} scope="col" className={index > 2 ? table.wide : index === 2 ? table.number : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <VirtualBody count={nodes.length} rowHeight={44} columns={COLUMNS.length} keyOf={(index) => nodes[index]!.name} row={row} />
      </table>
      {truncated && <p className={styles.note}>These are the newest {nodes.length.toLocaleString('en')}; there are older ones.</p>}
    </section>
  );
}

interface LinkProps {
  readonly project: string;
  readonly experiment: string;
  readonly node: Node;
  readonly row?: number;
  readonly isChosen?: boolean;
}

/** Leads to a model in full, on the page of its own experiment. */
export function ModelLink({ project, experiment, node, row, isChosen = false }: LinkProps) {
  return (
    <Link
      to="/p/$project/e/$experiment/models"
      params={{ project, experiment: node.experiment_id }}
      search={{ model: pointOf(node) }}
      resetScroll={node.experiment_id !== experiment}
      aria-current={isChosen ? 'true' : undefined}
      data-row={row}
    >
      {nameOf(node, experiment)}
    </Link>
  );
}
