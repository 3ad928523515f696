import { hyperparameters, parameterOptions } from '../../names/hyperparameters.js';
import { keepBestOption } from '../../names/goal.js';
import { strategyOption } from '../../names/strategy.js';
import { projectId } from '../../names/names.js';
import { jsonText } from '../../output/json-text.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge experiment create Baseline -p learning_rate=0.01', 'verge experiment create --keep-best loss:min', 'verge experiment create --params hyperparameters.json', `verge experiment create --strategy '{"type":"FedAdam","server_learning_rate":0.03}'`],
  takes: (it) => parameterOptions(keepBestOption(strategyOption(it.argument('[name]', 'what to call it').option('--description <text>', 'what people shall know of it')))),
  async run(context, [experiment_name], { description, strategy, keepBest, ...options }) {
    const given = await hyperparameters(options);
    const input = { project_id: await projectId(context), experiment_name, experiment_description: description, hyperparameters: given, aggregation_strategy: strategy, keep_best: keepBest };
    if (given && context.globals.verbose) context.note(`hyperparameters ${jsonText(given)}`);
    const { body } = await context.send('experiment.create', input);
    return done({ body, id: body.ID, said: `Created experiment${experiment_name ? ` ${experiment_name}` : ''}. Next: verge model submit FILE --experiment ${body.ID.slice(0, 8)}` });
  },
});
