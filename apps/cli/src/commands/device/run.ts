import { ownDevice } from './run/own-device.js';
import { runHere } from './run/run-here.js';
import { runProcesses } from './run/run-processes.js';
import { trainIn } from './run/train-in.js';
import { id } from '../../output/cells.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';
import { positiveInteger } from '../../program/duration.js';

export default command({
  examples: ['verge device run train.mjs --max-jobs 1', 'verge device run train.mjs --workers 2 --max-jobs 1'],
  details:
    "The file exports train({ model, hyperparameters, job, signal, report }) as its default, as @vergeai/worker takes it. The device is the one of --key-file, of VERGEAI_API_KEY when that is a device's key, or that --save has kept; else one is registered for as long as this runs. Ctrl-C ends it after the job under way; twice, at once.",
  takes: (it) =>
    it
      .argument('<file>', 'what trains: a JavaScript module')
      .option('--key-file <file>', "the device's key")
      .option('--workers <count>', 'so many processes, each a device that is registered for as long as it runs (1)', positiveInteger)
      .option('--max-jobs <count>', 'end after so many updates, of each process', positiveInteger),
  async run(context, [file], { keyFile, workers = 1, maxJobs }) {
    const train = await trainIn(file);
    const ended = workers > 1 ? runProcesses(context, file, { workers, maxJobs }) : runHere(context, await ownDevice(context, keyFile), train, { maxJobs });
    return list({
      entries: ended,
      columns: [
        { title: 'JOB', cell: ({ sequence }) => sequence },
        { title: 'ID', cell: ({ job_id }) => id(job_id) },
        { title: 'EXPERIMENT', cell: ({ experiment_id }) => id(experiment_id) },
        { title: 'OUTCOME', cell: ({ outcome }) => outcome },
      ],
      id: ({ job_id }) => job_id,
      empty: '',
      live: true,
    });
  },
});
