import type { Sweep } from '../../../api/sweep.js';
import { VirtualBody } from '../../../rows/virtual-body.js';
import { ForkRow } from './row.js';
import { bestValue, triedPaths } from './ranking.js';
import table from '../../../rows/table.module.css';

/** The forks of a sweep, the best one first, with the hyperparameters in which they differ. */
export function Ranking({ project, sweep }: { project: string; sweep: Sweep }) {
  const { members, metric, mode } = sweep;
  const differing = triedPaths(sweep).flatMap(({ path, word }) => (word === undefined ? [path] : []));
  const best = bestValue(sweep);
  return (
    <div className={table.sideways} role="region" aria-label="Forks, ranked" tabIndex={0}>
      <table className={table.table} aria-rowcount={members.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={table.number}>
              Rank
            </th>
            <th scope="col">Fork</th>
            {differing.map((path) => (
              <th key={path} scope="col">
                <code>{path}</code>
              </th>
            ))}
            <th scope="col" className={table.number}>
              Best {metric}
            </th>
            <th scope="col" className={table.number}>
              Last {metric}
            </th>
            <th scope="col" className={table.number}>
              Jobs
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <VirtualBody
          count={members.length}
          rowHeight={52}
          columns={6 + differing.length}
          keyOf={(index) => members[index]!.experiment_id}
          row={(index, measure) => (
            <ForkRow key={members[index]!.experiment_id} project={project} fork={members[index]!} index={index} differing={differing} best={best} mode={mode} measure={measure} />
          )}
        />
      </table>
    </div>
  );
}
