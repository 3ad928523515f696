import { id, time } from '../../output/cells.js';
import { projectId } from '../../names/names.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge sweep list', 'verge sweep list --all --json'],
  takes: (it) => pageOptions(it),
  async run(context, _, options) {
    const input = { project_id: await projectId(context), ...pageSize(options) };
    return list({
      ...pagesOf(context.send('sweep.list', input), options),
      id: ({ sweep_id }) => sweep_id,
      columns: [
        { title: 'SWEEP', cell: ({ sweep_id }) => id(sweep_id) },
        { title: 'NAME', cell: ({ name }) => name },
        { title: 'STATUS', cell: ({ status }) => status },
        { title: 'FORKS', cell: ({ num_members }) => num_members },
        { title: 'METHOD', cell: ({ method }) => method },
        { title: 'RANKED BY', cell: ({ metric, mode }) => `${metric}:${mode}` },
        { title: 'CREATED', cell: ({ created_at }) => time(created_at) },
      ],
      empty: 'No sweeps yet: verge sweep create',
    });
  },
});
