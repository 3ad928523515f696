import { waitForJob } from '../../live/wait-for-job.js';
import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { durationSec, positiveInteger, wholeNumber } from '../../program/duration.js';

export default command({
  examples: ['verge job create', 'verge job create --devices 2 --spares 1 --max-duration 10m'],
  details: 'It starts at once when none is running, else when its turn comes.',
  takes: (it) =>
    it
      .option('--devices <count>', 'how many updates it takes (1)', positiveInteger)
      .option('--spares <count>', 'how many devices are drawn in addition (0)', wholeNumber)
      .option('--max-duration <duration>', 'it is cancelled after so long, such as 10m', durationSec)
      .option('--device-timeout <duration>', 'a device that was drawn makes room for another after so long, such as 30s', durationSec)
      .option('--wait', 'wait until it has ended'),
  async run(context, _, { devices = 1, spares, maxDuration, deviceTimeout, wait }) {
    const ids = await experimentIds(context);
    const { body } = await context.send('job.create', {
      ...ids,
      num_devices: devices,
      num_buffer_devices: spares,
      device_timeout_sec: deviceTimeout,
      ...(maxDuration !== undefined && { termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: maxDuration }] }),
    });
    if (!wait) return done({ body, id: body.ID, said: `Created job ${body.ID.slice(0, 8)}. Follow it: verge job wait ${body.ID.slice(0, 8)}` });
    const ended = await waitForJob(context, { project_id: ids.project_id, job_id: body.ID }, `job ${body.ID.slice(0, 8)}`);
    return done({ body: ended, id: ended.ID, said: 'The job is completed.' });
  },
});
