import { hyperparameters, parameterOptions } from '../../names/hyperparameters.js';
import { keepBestOption } from '../../names/goal.js';
import { strategyOption } from '../../names/strategy.js';
import { experimentIds, jobIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge experiment fork Baseline --name Faster -p learning_rate=0.1', 'verge experiment fork --from 1'],
  details: 'Hyperparameters that are given take the place of all of the other; else they are the same, and so are the aggregation strategy and the metric of the best model.',
  takes: (it) =>
    parameterOptions(
      keepBestOption(strategyOption(it))
        .argument('[experiment]', 'its id, the beginning of it, its name, or @last')
        .option('--from <model>', 'current, start, best, or the number of a job')
        .option('--name <name>', 'what to call the new one')
        .option('--description <text>', 'what people shall know of the new one'),
    ),
  async run(context, [named], { from, name, description, strategy, keepBest, ...options }) {
    const ids = await experimentIds(context, named);
    const model = from === undefined || ['current', 'start', 'best'].includes(from) ? from : (await jobIds(context.with({ project: ids.project_id, experiment: ids.experiment_id }), from)).job_id;
    const { body } = await context.send('experiment.fork', { ...ids, from: model, experiment_name: name, experiment_description: description, hyperparameters: await hyperparameters(options), aggregation_strategy: strategy, keep_best: keepBest });
    return done({ body, id: body.ID, said: `Forked${name ? ` as ${name}` : ''}.` });
  },
});
