import { projectId } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ["verge project rename Digits 'Digits of many hands'"],
  takes: (it) => it.argument('<project>', 'its id, the beginning of it, or its name').argument('<name>', 'what to call it from now on').option('--description <text>', 'what people shall know of it; "" takes it away'),
  async run(context, [named, project_name], { description }) {
    const project_id = await projectId(context, named);
    const { body } = await context.send('project.update', { project_id, project_name, ...(description !== undefined && { project_description: description || null }) });
    return done({ body, said: `The project is called ${project_name} now.` });
  },
});
