import { id, time } from '../../output/cells.js';
import { projectId } from '../../names/names.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge project audit', 'verge project audit --action device_created'],
  takes: (it) => pageOptions(it).option('--by <id>', 'only what this user or device did').option('--action <action>', 'only this, such as member_added'),
  async run(context, _, { by, action, ...options }) {
    const project_id = await projectId(context);
    return list({
      ...pagesOf(context.send('project.audit', { project_id, ...pageSize(options), by, action }), options),
      id: ({ entry_id }) => String(entry_id),
      columns: [
        { title: 'WHEN', cell: ({ created_at }) => time(created_at) },
        { title: 'ACTION', cell: ({ action: done }) => done },
        { title: 'BY', cell: ({ actor_id }) => (actor_id === null ? 'the server' : id(actor_id)) },
        { title: 'TO', cell: ({ subject_id }) => (subject_id === null ? 'the project' : id(subject_id)) },
      ],
      empty: 'Nothing was done that would be kept.',
    });
  },
});
