import type { JobCreateSeriesInput } from '@vergeai/sdk';
import type { Context } from '../../context/context.js';
import { waitForJob } from '../../live/wait-for-job.js';
import { waitForSeries } from '../../live/wait-for-series.js';
import { stopOptions, stopRule } from '../../names/goal.js';
import { jobInput } from '../../names/job-input.js';
import { deviceId, experimentIds } from '../../names/names.js';
import { strategyOption } from '../../names/strategy.js';
import { done, type Result } from '../../output/result.js';
import { command } from '../../program/command.js';
import { collect, durationSec, positiveInteger, wholeNumber } from '../../program/duration.js';
import { UsageError } from '../../program/usage-error.js';

export default command({
  examples: ['verge job create', 'verge job create --devices 2 --spares 1 --max-duration 10m', 'verge job create --devices 10 --min-devices 7 --max-duration 10m', 'verge job create --count 10', 'verge job create --count 10 --stop-when loss:min --patience 3', 'verge job create --strategy FedMedian', 'verge job create --on laptop-1', 'verge job create --evaluate --devices 2'],
  details: 'It starts at once when none is running, else when its turn comes. --on and --label choose which devices may take part; not both.',
  takes: (it) =>
    stopOptions(strategyOption(it))
      .option('--devices <count>', 'how many updates it takes (1)', positiveInteger)
      .option('--on <device>', 'a device that may take part, and no other; may be given several times', collect)
      .option('--label <label>', 'only devices that carry it may take part; may be given several times', collect)
      .option('--count <count>', 'so many jobs, one after the other (1)', positiveInteger)
      .option('--min-devices <count>', 'so many updates are enough once --max-duration is over; with fewer it is cancelled', positiveInteger)
      .option('--evaluate', 'have devices measure the current model; no model changes')
      .option('--spares <count>', 'how many devices are drawn in addition (0)', wholeNumber)
      .option('--max-duration <duration>', 'it is cancelled after so long, such as 10m', durationSec)
      .option('--device-timeout <duration>', 'a device that was drawn makes room for another after so long, such as 30s', durationSec)
      .option('--wait', 'wait until it has ended'),
  async run(context, _, { devices, minDevices, on, label, count = 1, spares, maxDuration, deviceTimeout, strategy, evaluate, wait, ...stop }) {
    const stop_when = stopRule(stop);
    if (stop_when && count === 1) throw new UsageError('A single job leaves none to cancel.', 'Such as --count 10');
    if (evaluate && count > 1) throw new UsageError('One evaluation measures the model: several in a row measure the same one.', 'Leave --count out');
    const job = jobInput({ devices, minDevices, spares, maxDuration });
    const ids = await experimentIds(context);
    const device_ids = on && (await Promise.all(on.map((named) => deviceId(context, ids.project_id, named))));
    const input = {
      ...ids,
      ...job,
      device_timeout_sec: deviceTimeout,
      aggregation_strategy: strategy,
      device_ids,
      device_labels: label && [...label],
    };
    if (count > 1) return createSeries(context, { ...input, count, stop_when }, wait);
    const { body } = await context.send('job.create', { ...input, kind: evaluate && 'EVALUATE' });
    if (!wait) return done({ body, id: body.ID, said: `Created job ${body.ID.slice(0, 8)}. Follow it: verge job wait ${body.ID.slice(0, 8)}` });
    const ended = await waitForJob(context, { project_id: ids.project_id, job_id: body.ID }, `job ${body.ID.slice(0, 8)}`);
    return done({ body: ended, id: ended.ID, said: 'The job is completed.' });
  },
});

async function createSeries(context: Context, input: JobCreateSeriesInput, wait: true | undefined): Promise<Result> {
  const { body } = await context.send('job.create_series', input);
  const { job_ids } = body;
  const id = job_ids.join('\n');
  if (!wait) return done({ body, id, said: `Created ${job_ids.length} jobs, one after the other.` });
  const stopped = await waitForSeries(context, { ...input, ...body });
  return done({ body, id, said: stopped === undefined ? 'All jobs are completed.' : `Stopped: ${stopped}.` });
}
