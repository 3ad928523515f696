import { projectId } from '../../../names/names.js';
import { levelNames, levelOf, type LevelName } from '../../../names/permission-levels.js';
import { done } from '../../../output/result.js';
import { oneOf } from '../../../program/one-of.js';
import { command } from '../../../program/command.js';

export default command({
  examples: ['verge project members add 0f7a1c9d2b3e4f5061728394a5b6c7d8 write'],
  takes: (it) => it.argument('<user>', 'their id').argument('<level>', `what they may do: ${levelNames.join(', ')}`, oneOf<LevelName>(levelNames)),
  async run(context, [user_id, level]) {
    const project_id = await projectId(context);
    const { body } = await context.send('project.add_member', { project_id, user_id, permission_level: levelOf(level) });
    return done({ body, said: `Added ${user_id}: ${level}.` });
  },
});
