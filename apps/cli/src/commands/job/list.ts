import type { JobStatus } from '@vergeai/sdk';
import { id, time } from '../../output/cells.js';
import { experimentIds } from '../../names/names.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';
import { oneOf } from '../../program/one-of.js';

const statuses: readonly JobStatus[] = ['INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED'];

export default command({
  examples: ['verge job list', 'verge job list --status failed --experiment Baseline'],
  takes: (it) => pageOptions(it).option('--status <status>', statuses.map((status) => status.toLowerCase()).join(', '), oneOf(statuses.map((status) => status.toLowerCase()))),
  async run(context, _, { status, ...options }) {
    const input = { ...(await experimentIds(context)), ...pageSize(options), status: status?.toUpperCase() as JobStatus | undefined };
    return list({
      ...pagesOf(context.send('job.list', input), options),
      id: ({ job_id }) => job_id,
      columns: [
        { title: 'JOB', cell: ({ sequence }) => sequence },
        { title: 'ID', cell: ({ job_id }) => id(job_id) },
        { title: 'STATUS', cell: (job) => job.status },
        { title: 'KIND', cell: ({ kind }) => kind.toLowerCase() },
        { title: 'UPDATES', cell: ({ num_updates, num_devices }) => `${num_updates}/${num_devices}` },
        { title: 'STARTED', cell: ({ started_at }) => time(started_at) },
        { title: 'ENDED', cell: ({ ended_at }) => time(ended_at) },
        { title: 'WHY', cell: ({ reason, waiting_for }) => reason ?? (waiting_for && `waits for ${waiting_for}`) },
      ],
      empty: 'No jobs yet: verge job create',
    });
  },
});
