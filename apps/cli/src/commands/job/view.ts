import type { JobDescribeDeviceCounts, ModelDetails } from '@vergeai/sdk';
import { duration, id, metrics, time } from '../../output/cells.js';
import { JOB } from '../../names/job-argument.js';
import { jobIds } from '../../names/names.js';
import { record, type Cell } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge job view 1', 'verge job view @last --json'],
  takes: (it) => it.argument('<job>', JOB),
  async run(context, [named]) {
    const { body } = await context.send('job.describe', await jobIds(context, named));
    return record({
      body,
      id: body.job_id,
      members: [
        ['job', body.sequence],
        ['id', id(body.job_id)],
        ['kind', body.kind === 'EVALUATE' ? 'evaluation' : undefined],
        ['status', body.status],
        ['why', body.reason],
        ['waits for', body.waiting_for],
        [body.kind === 'EVALUATE' ? 'answers' : 'updates', `${body.num_updates}/${body.num_devices}`],
        ['enough', body.min_devices === null ? undefined : `${body.min_devices} when its time is up`],
        ['devices', devicesText(body.device_counts)],
        ['only', body.device_ids?.join(', ') ?? body.device_labels?.map((label) => `label ${label}`).join(', ')],
        ['mean', metrics(body.mean)],
        ['examples', body.num_examples],
        ['start model', modelText(body.start_model)],
        ['aggregate', modelText(body.aggregate_model)],
        ['retry of', id(body.retry_of)],
        ['created', time(body.created_at)],
        ['started', time(body.started_at)],
        ['deadline', time(body.deadline_at)],
        ['ended', time(body.ended_at)],
        ['took', duration(body.duration_sec)],
      ],
    });
  },
});

/** Those that there are: `1 submitted, 2 training` */
const devicesText = (counts: JobDescribeDeviceCounts): Cell =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');

const modelText = (model: ModelDetails | null): Cell => model && `${model.format}, ${model.size} bytes, sha256 ${model.sha256}`;
