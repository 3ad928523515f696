import { paramRows } from './hyperparameters.js';
import { calledShort, type Comparison } from './search.js';
import table from '../../../rows/table.module.css';
import styles from './page.module.css';

/** Hyperparameters side by side: those that differ, or all of them with those marked. */
export function ParamsTable({ comparison: { experiments, differing }, all }: { comparison: Comparison; all: boolean }) {
  const rows = paramRows(experiments, differing).filter(({ differs }) => all || differs);
  if (rows.length === 0) return <p className={styles.note}>{all ? 'They have no hyperparameters.' : 'They have the same hyperparameters.'}</p>;
  return (
    <div className={table.sideways} role="region" aria-label="Hyperparameters side by side" tabIndex={0}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Hyperparameter</th>
            {experiments.map((one) => (
              <th key={one.experiment_id} scope="col">
                {calledShort(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, values, differs }) => (
            <tr key={path} data-differs={differs || undefined} className={styles.param}>
              <th scope="row">
                <code>{path}</code>
                {all && differs && <span className={styles.differs}>≠ differs</span>}
              </th>
              {values.map((value, index) => (
                <td key={experiments[index]!.experiment_id}>{value ?? '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
