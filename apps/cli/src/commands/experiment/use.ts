import { keepChoice } from '../../config/choose.js';
import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge experiment use Baseline', 'verge experiment use @last'],
  details: 'Kept in verge.json when there is one here or above, else with your sign-in.',
  takes: (it) => it.argument('<experiment>', 'its id, the beginning of it, its name, or @last'),
  async run(context, [named]) {
    const ids = await experimentIds(context, named);
    const { name } = (await context.client.Experiment.describe({ ...ids, limit: 1 }, context.call)).body;
    const where = keepChoice(context, { project: ids.project_id, experiment: ids.experiment_id });
    return done({ body: ids, said: `Using experiment ${name ?? ids.experiment_id}, kept in ${where}.` });
  },
});
