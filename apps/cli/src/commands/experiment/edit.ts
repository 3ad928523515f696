import { hyperparameters, parameterOptions } from '../../names/hyperparameters.js';
import { keepBestOption } from '../../names/goal.js';
import { strategyOption } from '../../names/strategy.js';
import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { UsageError } from '../../program/usage-error.js';
import { collect } from '../../program/duration.js';

export default command({
  examples: ["verge experiment edit Baseline --name 'Baseline 2' --tag paper", 'verge experiment edit Baseline --archive'],
  details: 'Hyperparameters and the aggregation strategy can be changed until the first job exists. Tags that are given take the place of all that there are.',
  takes: (it) =>
    parameterOptions(
      keepBestOption(strategyOption(it))
        .argument('[experiment]', 'its id, the beginning of it, its name, or @last')
        .option('--name <name>', 'what to call it; "" takes the name away')
        .option('--description <text>', 'what people shall know of it; "" takes it away')
        .option('--tag <tag>', 'a tag; may be given several times', collect)
        .option('--no-tags', 'take all tags away')
        .option('--no-best', 'no model is the best one any more')
        .option('--archive', 'leave it out of lists')
        .option('--unarchive', 'show it in lists again'),
    ),
  async run(context, [named], { name, description, tag, tags, archive, unarchive, strategy, keepBest, best, ...options }) {
    if (keepBest && !best) throw new UsageError('--keep-best and --no-best contradict each other.');
    if (archive && unarchive) throw new UsageError('--archive and --unarchive contradict each other.');
    const changes = {
      ...(name !== undefined && { experiment_name: name || null }),
      ...(description !== undefined && { experiment_description: description || null }),
      ...(tag && { tags: tag }),
      ...(!tags && { tags: [] }),
      ...((archive ?? unarchive) && { archived: archive ?? false }),
      aggregation_strategy: strategy,
      ...((keepBest ?? !best) && { keep_best: keepBest ?? null }),
      hyperparameters: await hyperparameters(options),
    };
    if (Object.values(changes).every((value) => value === undefined)) throw new UsageError('Nothing to change was given.', 'Such as --name, --description, --tag, --archive or -p learning_rate=0.1');
    const { body } = await context.send('experiment.update', { ...(await experimentIds(context, named)), ...changes });
    return done({ body, said: 'Changed.' });
  },
});
