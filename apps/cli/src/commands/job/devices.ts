import type { JobDevicesEntry } from '@vergeai/sdk';
import { count, id, metrics, time } from '../../output/cells.js';
import { JOB } from '../../names/job-argument.js';
import { jobIds } from '../../names/names.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list, type Cell } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge job devices @last'],
  takes: (it) => pageOptions(it.argument('<job>', JOB)),
  async run(context, [named], options) {
    const input = { ...(await jobIds(context, named)), ...pageSize(options) };
    return list({
      ...pagesOf(context.send('job.devices', input), options),
      id: ({ device_id }) => device_id,
      columns: [
        { title: 'DEVICE', cell: ({ device_id }) => id(device_id) },
        { title: 'NAME', cell: ({ device_name }) => device_name },
        { title: 'STATE', cell: ({ state }) => state },
        { title: 'PROGRESS', cell: progressText },
        { title: 'EXAMPLES', cell: ({ num_examples }) => count(num_examples) },
        { title: 'METRICS', cell: (entry) => metrics(entry.progress && entry.state !== 'submitted' ? entry.progress.metrics : entry.metrics) },
        { title: 'LAST SIGN', cell: ({ heartbeat_at, submitted_at }) => time(submitted_at ?? heartbeat_at) },
        { title: 'WHY', cell: ({ reason }) => reason },
      ],
      empty: 'No device has been drawn.',
    });
  },
});

/** `40 %` or `step 12`; what a device says of itself. */
function progressText({ progress }: JobDevicesEntry): Cell {
  if (!progress) return '';
  if (progress.fraction !== null) return `${Math.round(progress.fraction * 100)} %`;
  return progress.step === null ? '' : `step ${progress.step}`;
}
