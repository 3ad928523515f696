import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge project create Digits', "verge project create Digits --description 'Handwritten digits of many hands'"],
  takes: (it) => it.argument('<name>', 'what to call it').option('--description <text>', 'what people shall know of it'),
  async run(context, [project_name], { description }) {
    const { body } = await context.send('project.create', { project_name, project_description: description });
    return done({ body, id: body.project_id, said: `Created project ${project_name}.` });
  },
});
