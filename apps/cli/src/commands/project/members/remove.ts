import { projectId } from '../../../names/names.js';
import { done } from '../../../output/result.js';
import { command } from '../../../program/command.js';
import { confirm } from '../../../program/confirm.js';

export default command({
  examples: ['verge project members remove 0f7a1c9d2b3e4f5061728394a5b6c7d8 --yes'],
  takes: (it) => it.argument('<user>', 'their id'),
  async run(context, [user_id]) {
    const input = { project_id: await projectId(context), user_id };
    context.show('project.remove_member', input);
    await confirm(context, { what: `Remove ${user_id} from the project?` });
    const { body } = await context.send('project.remove_member', input);
    return done({ body, said: `Removed ${user_id}.` });
  },
});
