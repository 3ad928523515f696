import type { ShownColumns } from './columns.js';
import type { ExperimentsSearch } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly columns: ShownColumns;
  readonly search: ExperimentsSearch;
  readonly change: (changes: ExperimentsSearch) => void;
}

type By = Pick<ExperimentsSearch, 'sort' | 'metric'>;

export function Head({ columns: { metrics, params }, search, change }: Props) {
  const sorted = { search, change };
  return (
    <thead>
      <tr aria-rowindex={1}>
        <td className={styles.choose} />
        <Sortable {...sorted} label="Name" by={{ sort: 'name' }} first="asc" />
        <th scope="col">State</th>
        {metrics.map((name) => (
          <Sortable key={name} {...sorted} label={name} by={{ sort: 'metric', metric: name }} first="asc" className={`${table.number} ${styles.metric}`} />
        ))}
        {params.map((name) => (
          <th key={name} scope="col" className={styles.param}>
            {name}
          </th>
        ))}
        <th scope="col" className={`${table.number} ${table.wide}`}>
          Jobs
        </th>
        <Sortable {...sorted} label="Updated" by={{ sort: 'updated' }} first="desc" className={table.wide} />
      </tr>
    </thead>
  );
}

/** A first click sorts as is usual for the column, a second the other way, a third not at all: newest first. */
function Sortable({ label, by, first, search, change, className = '' }: Omit<Props, 'columns'> & { label: string; by: By; first: 'asc' | 'desc'; className?: string | undefined }) {
  const isSorted = search.sort === by.sort && search.metric === by.metric;
  const order = isSorted ? (search.order ?? (by.sort === 'name' ? 'asc' : 'desc')) : undefined;
  const next = !isSorted ? { sort: by.sort, metric: by.metric, order: first } : order === first ? { order: first === 'asc' ? ('desc' as const) : ('asc' as const) } : { sort: undefined, metric: undefined, order: undefined };
  return (
    <th scope="col" className={className} {...(order && { 'aria-sort': order === 'asc' ? ('ascending' as const) : ('descending' as const) })}>
      <button type="button" className={styles.sort} onClick={() => change(next)}>
        {label}
        <span aria-hidden="true">{order === undefined ? '' : order === 'asc' ? ' ↑' : ' ↓'}</span>
      </button>
    </th>
  );
}
