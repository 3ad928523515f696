import type { ModelDetails } from '@vergeai/sdk';
import { id, time } from '../../output/cells.js';
import { experimentIds } from '../../names/names.js';
import { jsonText } from '../../output/json-text.js';
import { record, type Cell } from '../../output/result.js';
import { command } from '../../program/command.js';

const LAST_JOBS = 5;

export default command({
  examples: ['verge experiment view', 'verge experiment view Baseline --json'],
  takes: (it) => it.argument('[experiment]', 'its id, the beginning of it, its name, or @last'),
  async run(context, [named]) {
    const { body } = await context.send('experiment.describe', { ...(await experimentIds(context, named)), limit: LAST_JOBS });
    return record({
      body,
      id: body.experiment_id,
      members: [
        ['experiment', id(body.experiment_id)],
        ['name', body.name],
        ['description', body.description],
        ['status', [body.status, body.paused_at && `paused since ${body.paused_at}`, body.archived_at && 'archived'].filter(Boolean).join(', ')],
        ['tags', body.tags.join(', ')],
        ['hyperparameters', jsonText(body.hyperparameters)],
        ['forked from', id(body.forked_from)],
        ['start model', modelText(body.start_model)],
        ['current model', modelText(body.current_model)],
        ['created', time(body.created_at)],
        ['updated', time(body.updated_at)],
        ['jobs', body.num_jobs],
        ...body.jobs.data.map((job): [string, Cell] => [
          `job ${job.sequence}`,
          `${job.status} ${job.num_updates}/${job.num_devices} updates${job.reason ? `: ${job.reason}` : ''}${job.waiting_for ? `; waits for ${job.waiting_for}` : ''}`,
        ]),
      ],
    });
  },
});

const modelText = (model: ModelDetails | null): Cell => model && `${model.format}, ${model.size} bytes, sha256 ${model.sha256}`;
