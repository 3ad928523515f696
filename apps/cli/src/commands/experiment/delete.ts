import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { confirm } from '../../program/confirm.js';

export default command({
  examples: ['verge experiment delete Baseline --yes'],
  details: 'Jobs that run are over for their devices. Forks of it stay.',
  takes: (it) => it.argument('<experiment>', 'its id, the beginning of it, its name, or @last'),
  async run(context, [named]) {
    const ids = await experimentIds(context, named);
    context.show('experiment.delete', ids);
    const { name, num_jobs } = (await context.client.Experiment.describe({ ...ids, limit: 1 }, context.call)).body;
    const called = name ?? ids.experiment_id.slice(0, 8);
    await confirm(context, { what: `Delete experiment ${called} with ${num_jobs} jobs and their models? It can't be undone.`, type: called });
    const { body } = await context.send('experiment.delete', ids);
    return done({ body, said: `Deleted experiment ${called}.` });
  },
});
