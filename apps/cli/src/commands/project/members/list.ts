import { id, time } from '../../../output/cells.js';
import { projectId } from '../../../names/names.js';
import { levelName } from '../../../names/permission-levels.js';
import { pageOptions, pageSize, pagesOf } from '../../../output/pages.js';
import { list } from '../../../output/result.js';
import { command } from '../../../program/command.js';

export default command({
  examples: ['verge project members list'],
  takes: (it) => pageOptions(it),
  async run(context, _, options) {
    const project_id = await projectId(context);
    return list({
      ...pagesOf(context.send('project.members', { project_id, ...pageSize(options) }), options),
      id: ({ user_id }) => user_id,
      columns: [
        { title: 'USER', cell: ({ user_id }) => id(user_id) },
        { title: 'NAME', cell: ({ user_name }) => user_name },
        { title: 'MAY', cell: ({ permission_level }) => levelName(permission_level) },
        { title: 'ADDED', cell: ({ added_at }) => time(added_at) },
      ],
      empty: 'There are no members.',
    });
  },
});
