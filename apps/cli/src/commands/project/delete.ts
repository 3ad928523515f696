import { projectId } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { confirm } from '../../program/confirm.js';

export default command({
  examples: ['verge project delete Digits --yes'],
  details: 'Its experiments, jobs, devices, keys and models go with it.',
  takes: (it) => it.argument('<project>', 'its id, the beginning of it, or its name'),
  async run(context, [named]) {
    const project_id = await projectId(context, named);
    context.show('project.delete', { project_id });
    const { name, experiments } = (await context.client.Project.get({ project_id }, context.call)).body;
    await confirm(context, { what: `Delete project ${name} with ${Object.keys(experiments).length} experiments? It can't be undone.`, type: name });
    const { body } = await context.send('project.delete', { project_id });
    return done({ body, said: `Deleted project ${name}.` });
  },
});
