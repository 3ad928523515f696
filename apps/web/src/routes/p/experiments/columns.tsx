import { Button } from '../../../ui/button.js';
import { Popover } from '../../../ui/popover.js';
import { inputClass } from '../../../ui/field.js';
import type { ExperimentsSearch, Row } from './search.js';
import styles from './page.module.css';

export interface ShownColumns {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
}

/** How many metrics have a column as long as nobody has chosen. */
const BY_ITSELF = 2;
/** More than this nobody reads, and no screen has room for it. */
const MOST = 8;

export function shownColumns({ metrics, params, metric }: ExperimentsSearch, rows: readonly Row[]): ShownColumns {
  const chosen = metrics?.split(',') ?? metricNames(rows.slice(0, 100)).slice(0, BY_ITSELF);
  // What the table is sorted by is to be seen.
  const all = metric === undefined || chosen.includes(metric) ? chosen : [metric, ...chosen];
  return { metrics: all.slice(0, MOST), params: params?.split(',').slice(0, MOST) ?? [] };
}

const metricNames = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))].sort();

interface Props {
  readonly columns: ShownColumns;
  readonly rows: readonly Row[];
  readonly change: (changes: ExperimentsSearch) => void;
}

/** Which metrics and hyperparameters have a column. */
export function Columns({ columns: { metrics, params }, rows, change }: Props) {
  const toggle = (name: string, isOn: boolean) => change({ metrics: (isOn ? [...metrics, name] : metrics.filter((one) => one !== name)).join() || undefined });
  const names = [...new Set([...metrics, ...metricNames(rows)])];
  return (
    <Popover label="Columns">
      <fieldset className={styles.choices}>
        <legend>Metrics</legend>
        {names.length === 0 && <p>No experiment here has reported one yet.</p>}
        {names.map((name) => (
          <label key={name}>
            <input type="checkbox" checked={metrics.includes(name)} disabled={!metrics.includes(name) && metrics.length >= MOST} onChange={({ target }) => toggle(name, target.checked)} />
            {name}
          </label>
        ))}
      </fieldset>
      <form
        className={styles.params}
        onSubmit={(event) => {
          event.preventDefault();
          const paths = new FormData(event.currentTarget).get('params');
          change({ params: typeof paths === 'string' ? paths.split(/[\s,]+/).filter(Boolean).join() || undefined : undefined });
        }}
      >
        <label>
          Hyperparameters
          <input key={params.join()} name="params" className={inputClass} defaultValue={params.join(', ')} placeholder="learning_rate, optimizer.name" autoComplete="off" />
        </label>
        <Button type="submit">Show</Button>
      </form>
    </Popover>
  );
}
