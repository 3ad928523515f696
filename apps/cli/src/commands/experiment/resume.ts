import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge experiment resume', 'verge experiment resume Baseline'],
  details: 'The first job in line starts at once.',
  takes: (it) => it.argument('[experiment]', 'its id, the beginning of it, its name, or @last'),
  async run(context, [named]) {
    const { body } = await context.send('experiment.resume', await experimentIds(context, named));
    return done({ body, said: 'Resumed: jobs start again.' });
  },
});
