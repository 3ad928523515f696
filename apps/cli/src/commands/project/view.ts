import { id } from '../../output/cells.js';
import { projectId } from '../../names/names.js';
import { record } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge project view', 'verge project view Digits'],
  takes: (it) => it.argument('[project]', 'its id, the beginning of it, or its name'),
  async run(context, [named]) {
    const project_id = await projectId(context, named);
    const { body } = await context.send('project.get', { project_id });
    const experiments = Object.values(body.experiments);
    return record({
      body,
      id: body.ID,
      members: [
        ['project', id(body.ID)],
        ['name', body.name],
        ['experiments', `${experiments.length}, ${experiments.filter(({ is_active }) => is_active).length} of them active`],
        ['devices', Object.keys(body.devices).length],
        ['members', Object.keys(body.members).length],
      ],
    });
  },
});
