import type { SweepDescribeMember } from '@vergeai/sdk';
import { valueCell } from '../../output/cell-text.js';
import { id, measured } from '../../output/cells.js';
import { list, record, type Column } from '../../output/result.js';
import { sweepIds, SWEEP } from '../../names/sweep-id.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge sweep view Rates', 'verge sweep view Rates --json'],
  details: 'Forks are ranked by the best value that one of their jobs reached; those without a value come last. --json has the settings of the sweep, too.',
  takes: (it) => it.argument('<sweep>', SWEEP),
  async run(context, [named]) {
    const { body } = await context.send('sweep.describe', await sweepIds(context, named));
    if (context.globals.json) return record({ body, members: [] });
    return list({
      entries: body.members,
      id: ({ experiment_id }) => experiment_id,
      columns: [
        { title: 'EXPERIMENT', cell: ({ experiment_id }) => id(experiment_id) },
        ...Object.keys(body.hyperparameters).map((path): Column<SweepDescribeMember> => ({ title: path, cell: ({ hyperparameters }) => valueCell(hyperparameters[path]) })),
        { title: `BEST ${body.metric}`, cell: ({ best }) => measured(best?.value) },
        { title: 'IN JOB', cell: ({ best }) => best?.sequence },
        { title: 'LAST', cell: ({ last }) => measured(last?.value) },
        { title: 'JOBS', cell: ({ num_completed, num_jobs }) => `${num_completed}/${num_jobs}` },
        { title: 'STATUS', cell: ({ status, stopped }) => (stopped ? 'stopped' : status) },
      ],
      empty: 'All forks of the sweep have been deleted.',
    });
  },
});
