import { id, time } from '../../output/cells.js';
import { levelName } from '../../names/permission-levels.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge project list', 'verge project list --all --jsonl --fields project_id,name'],
  takes: (it) => pageOptions(it),
  run: (context, _, options) =>
    list({
      ...pagesOf(context.send('project.list', pageSize(options)), options),
      id: ({ project_id }) => project_id,
      columns: [
        { title: 'PROJECT', cell: ({ project_id }) => id(project_id) },
        { title: 'NAME', cell: ({ name }) => name },
        { title: 'YOU MAY', cell: ({ permission_level }) => levelName(permission_level) },
        { title: 'CREATED', cell: ({ created_at }) => time(created_at) },
        { title: 'DESCRIPTION', cell: ({ description }) => description },
      ],
      empty: 'No projects yet: verge project create NAME',
    }),
});
