import path from 'node:path';
import { requireFile } from '../program/require-file.js';
import { transferBar } from '../live/transfer-bar.js';
import { waitForSeries } from '../live/wait-for-series.js';
import { stopOptions, stopRule } from '../names/goal.js';
import { hyperparameters, parameterOptions } from '../names/hyperparameters.js';
import { jobInput } from '../names/job-input.js';
import { projectId } from '../names/names.js';
import { done } from '../output/result.js';
import { command } from '../program/command.js';
import { durationSec, positiveInteger, wholeNumber } from '../program/duration.js';
import { UsageError } from '../program/usage-error.js';

export default command({
  examples: ['verge train model.safetensors --rounds 1 --name First -p learning_rate=0.01', 'verge train model.json --rounds 1 --devices 1 -o trained.json'],
  details: 'Creates an experiment, submits the model, creates the jobs, waits for them and downloads what came of it. Each step is told with the command that does it alone. Devices must be there, or come: verge device run FILE. Ctrl-C ends the waiting, not the training.',
  takes: (it) =>
    parameterOptions(
      stopOptions(it)
        .argument('<model>', 'the model to begin with: JSON or safetensors')
        .option('--name <name>', 'what to call the experiment')
        .option('--rounds <count>', 'so many jobs, one after the other (1)', positiveInteger)
        .option('--devices <count>', 'how many updates make a round (1)', positiveInteger)
        .option('--min-devices <count>', 'so many updates are enough once --max-duration is over', positiveInteger)
        .option('--spares <count>', 'how many devices are drawn in addition (0)', wholeNumber)
        .option('--max-duration <duration>', 'how long one round may take, such as 10m', durationSec)
        .option('-o, --output <file>', 'where to put the trained model'),
    ),
  async run(context, [file], { name, rounds = 1, devices = 1, minDevices, spares, maxDuration, output, stopWhen, patience, minDelta, threshold, ...options }) {
    const stop_when = stopRule({ stopWhen, patience, minDelta, threshold });
    if (context.globals.curl) throw new UsageError('train sends several requests.', 'Each step is told with its own command, and those take --curl.');
    const job = jobInput({ devices, minDevices, spares, maxDuration });
    await requireFile(file);
    const given = await hyperparameters(options);
    const project_id = await projectId(context);
    const { client, call } = context;

    const experiment_id = (await client.Experiment.create({ project_id, experiment_name: name, hyperparameters: given }, call)).body.ID;
    const ids = { project_id, experiment_id };
    const e = `--experiment ${experiment_id.slice(0, 8)}`;
    context.note(`experiment ${experiment_id}        verge experiment create${name ? ` ${JSON.stringify(name)}` : ''}`);

    const up = await transferBar(context, path.basename(file), 'checking numbers…');
    try {
      await client.Experiment.submit_start_model({ ...ids, model: file, block: true }, { ...call, onProgress: up.onProgress });
    } finally {
      up.end();
    }
    context.note(`start model ${path.basename(file)}        verge model submit ${path.basename(file)} ${e}`);

    const { series_id, job_ids } = (
      await client.Job.create_series({ ...ids, ...job, count: rounds, stop_when }, call)
    ).body;
    context.note(`${rounds} job${rounds === 1 ? '' : 's'} of ${devices} device${devices === 1 ? '' : 's'}        verge job create ${flags({ count: rounds, devices, 'min-devices': minDevices, spares, 'max-duration': maxDuration && `${maxDuration}s`, 'stop-when': stopWhen && `${stopWhen.metric}:${stopWhen.mode}`, patience, 'min-delta': minDelta, threshold })} ${e}`);
    const stopped = await waitForSeries(context, { ...ids, series_id, job_ids });
    context.note(`${stopped === undefined ? 'trained' : `stopped: ${stopped}`}        verge job wait ${rounds} ${e}`);

    const { current_model } = (await client.Experiment.describe({ ...ids, limit: 1 }, call)).body;
    const { format, sha256, size } = current_model!;
    const to = output ?? `${path.basename(file, path.extname(file))}-trained.${format}`;
    await client.Experiment.current_model(ids, call).toFile(to, { sha256, signal: context.signal });
    return done({ body: { ...ids, job_ids, file: path.resolve(to), format, size, sha256 }, id: to, said: `model ${sha256.slice(0, 8)} in ${to}        verge model download ${e} -o ${to}` });
  },
});

/** What was given, as one writes it. */
const flags = (given: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(given)
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]))
    .join(' ');
