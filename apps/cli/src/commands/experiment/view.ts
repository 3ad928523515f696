import type { ModelDetails, VergeAI } from '@vergeai/sdk';
import { id, time } from '../../output/cells.js';
import { experimentIds } from '../../names/names.js';
import { jsonText } from '../../output/json-text.js';
import { record, type Cell } from '../../output/result.js';
import { command } from '../../program/command.js';

const LAST_JOBS = 5;

type Series = Awaited<ReturnType<VergeAI['Experiment']['describe']>>['body']['series'][number];

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
        ['best model', body.best_model && `job ${body.best_model.sequence}, ${body.keep_best?.metric} ${body.best_model.value}, sha256 ${body.best_model.sha256}`],
        ['created', time(body.created_at)],
        ['updated', time(body.updated_at)],
        ['jobs', body.num_jobs],
        ...body.series.slice(0, 1).map((series): [string, Cell] => ['series', seriesText(series)]),
        ...body.jobs.data.map((job): [string, Cell] => [
          `job ${job.sequence}`,
          `${job.status} ${job.num_updates}/${job.num_devices} updates${job.reason ? `: ${job.reason}` : ''}${job.waiting_for ? `; waits for ${job.waiting_for}` : ''}`,
        ]),
      ],
    });
  },
});

/** `7 of 10 jobs ended; loss best 0.14 in job 4, no better for 3; stopped: …` */
const seriesText = ({ num_jobs, num_ended, stop_when, best, stalled, stopped }: Series): Cell =>
  [
    `${num_ended} of ${num_jobs} jobs ended`,
    ...(stop_when && best ? [`${stop_when.metric} best ${best.value} in job ${best.sequence}${stalled > 0 ? `, no better for ${stalled}` : ''}`] : []),
    ...(stopped ? [`stopped: ${stopped.reason}`] : []),
  ].join('; ');

const modelText = (model: ModelDetails | null): Cell => model && `${model.format}, ${model.size} bytes, sha256 ${model.sha256}`;
