import { goal, stopOptions, stopRule } from '../../names/goal.js';
import { jobInput } from '../../names/job-input.js';
import { experimentIds } from '../../names/names.js';
import { strategyOption } from '../../names/strategy.js';
import { searchSpace } from '../../names/swept.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { collect, durationSec, positiveInteger, wholeNumber } from '../../program/duration.js';
import { UsageError } from '../../program/usage-error.js';

export default command({
  examples: [
    'verge sweep create --try learning_rate=0.1,0.01 --try optimizer=sgd,adam --rank loss:min --jobs 5',
    'verge sweep create Baseline --try learning_rate=0.0001..0.1:log --count 12 --seed 7 --rank accuracy:max --jobs 5 --devices 2',
    "verge sweep create --try 'layers:=[[64],[64,32]]' --rank loss:min --stop-when loss:min --patience 3 --jobs 20",
  ],
  details: 'Forks the current model once for every combination, or with --count for so many at random, and gives each fork jobs. --try names what is tried: values with commas between them, or numbers from..to, drawn at random, with :log behind them by powers of ten.',
  takes: (it) =>
    stopOptions(strategyOption(it))
      .argument('[experiment]', 'its id, the beginning of it, its name, or @last')
      .requiredOption('--try <name=values>', 'what a hyperparameter may be; may be given several times', collect)
      .requiredOption('--rank <metric:mode>', 'by what forks are ranked: loss:min, accuracy:max', goal)
      .option('--count <count>', 'so many forks at random, in the place of every combination', positiveInteger)
      .option('--seed <number>', 'draws the same as before', wholeNumber)
      .option('--jobs <count>', 'so many jobs for each fork (1)', positiveInteger)
      .option('--name <name>', 'what to call the sweep')
      .option('--devices <count>', 'how many updates each job takes (1)', positiveInteger)
      .option('--min-devices <count>', 'so many updates are enough once --max-duration is over', positiveInteger)
      .option('--label <label>', 'only devices that carry it may take part; may be given several times', collect)
      .option('--spares <count>', 'how many devices are drawn in addition (0)', wholeNumber)
      .option('--max-duration <duration>', 'a job is cancelled after so long, such as 10m', durationSec)
      .option('--device-timeout <duration>', 'a device that was drawn makes room for another after so long, such as 30s', durationSec),
  async run(context, [named], { try: tried, rank, count, seed, jobs = 1, name, devices, minDevices, label, spares, maxDuration, deviceTimeout, strategy, ...stop }) {
    if (seed !== undefined && count === undefined) throw new UsageError('A seed is for forks at random.', 'Such as --count 12 --seed 7');
    const { body } = await context.send('sweep.create', {
      ...(await experimentIds(context, named)),
      sweep_name: name,
      hyperparameters: searchSpace(tried),
      method: count === undefined ? 'grid' : 'random',
      count,
      seed,
      num_jobs: jobs,
      job: {
        ...jobInput({ devices, minDevices, spares, maxDuration }),
        device_timeout_sec: deviceTimeout,
        aggregation_strategy: strategy,
        device_labels: label && [...label],
        stop_when: stopRule(stop),
      },
      ...rank,
    });
    const short = body.sweep_id.slice(0, 8);
    return done({ body, id: body.sweep_id, said: `Made ${body.members.length} forks${body.seed === null ? '' : ` by seed ${body.seed}`}. See how they do: verge sweep view ${short}` });
  },
});
