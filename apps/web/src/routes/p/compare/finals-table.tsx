import { Link } from '@tanstack/react-router';
import { seriesLook } from '../../../chart/series-look.js';
import { Button } from '../../../ui/button.js';
import { number } from '../../../ui/number.js';
import { bestFinal, csvOf, finalOf, goodEnd } from './finals.js';
import { calledShort, type Compared } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiments: readonly Compared[];
  readonly names: readonly string[];
  /** Raises a line of the chart, or none. */
  readonly raise: (index: number | undefined) => void;
  /** Takes one out of the comparison; undefined where only two are left. */
  readonly remove: ((experiment: string) => void) | undefined;
}

/** How each ended; its line in the chart stands before its name. */
export function FinalsTable({ project, experiments, names, raise, remove }: Props) {
  const best = new Map(names.map((name) => [name, bestFinal(experiments, name)]));
  return (
    <>
      <div className={table.sideways} role="region" aria-label="The last values" tabIndex={0}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Experiment</th>
              {names.map((name) => (
                <th key={name} scope="col" className={table.number}>
                  {name}
                </th>
              ))}
              <th scope="col" className={table.number}>
                Last job
              </th>
              <th scope="col">
                <span className={styles.hidden}>Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {experiments.map((one, index) => (
              <tr key={one.experiment_id} onPointerEnter={() => raise(index)} onPointerLeave={() => raise(undefined)} onFocus={() => raise(index)} onBlur={() => raise(undefined)}>
                <th scope="row">
                  <span className={styles.name}>
                    <Line n={index} />
                    <Link to="/p/$project/e/$experiment" params={{ project, experiment: one.experiment_id }}>
                      {calledShort(one)}
                    </Link>
                  </span>
                </th>
                {names.map((name) => {
                  const value = finalOf(one, name);
                  return (
                    <td key={name} className={table.number}>
                      {value === null ? '–' : number(value)}
                      {value !== null && value === best.get(name) && <div className={table.best}>{goodEnd(name) === 'lowest' ? '▼ lowest' : '▲ highest'}</div>}
                    </td>
                  );
                })}
                <td className={table.number}>{one.sequence.at(-1) ?? '–'}</td>
                <td>
                  {remove && (
                    <Button look="quiet" aria-label={`Take ${calledShort(one)} out`} onClick={() => remove(one.experiment_id)}>
                      ×
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>
        Of each metric, the mean over the devices of the last job that reported it.{' '}
        <a href={`data:text/csv;charset=utf-8,${encodeURIComponent(csvOf(experiments, names))}`} download="comparison.csv">
          Save as CSV
        </a>
      </p>
    </>
  );
}

/** As the line in the chart looks. */
function Line({ n }: { n: number }) {
  const { colour, dash } = seriesLook(n);
  return (
    <svg width="24" height="12" aria-hidden="true" className={styles.line}>
      <path d="M0 6h24" style={{ stroke: colour }} strokeWidth="3" strokeDasharray={dash.join(' ')} />
    </svg>
  );
}
