import { keepChoice } from '../../config/choose.js';
import { projectId } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge project use Digits'],
  details: 'Kept in verge.json when there is one here or above, else with your sign-in.',
  takes: (it) => it.argument('<project>', 'its id, the beginning of it, or its name'),
  async run(context, [named]) {
    const project_id = await projectId(context, named);
    const { name } = (await context.client.Project.get({ project_id }, context.call)).body;
    // An experiment of another project would fit no more.
    const where = keepChoice(context, { project: project_id, experiment: undefined });
    return done({ body: { project_id }, said: `Using project ${name}, kept in ${where}.` });
  },
});
