import type { ExperimentListEntry } from '@vergeai/sdk';
import { id, metrics, time } from '../../output/cells.js';
import { projectId } from '../../names/names.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';
import { oneOf } from '../../program/one-of.js';

export default command({
  examples: ['verge experiment list', 'verge experiment list --status active', 'verge experiment list --sort loss --ascending --params learning_rate'],
  takes: (it) =>
    pageOptions(it)
      .option('--search <text>', 'a part of the name, or the beginning of the id')
      .option('--status <status>', 'active or idle', oneOf(['active', 'idle']))
      .option('--tag <tag>', 'those with this tag')
      .option('--archived', 'the archived ones, too')
      .option('--sort <by>', 'created, updated, name, or a metric')
      .option('--ascending', 'the least first')
      .option('--params <paths>', 'hyperparameters to show: learning_rate,optimizer.name'),
  async run(context, _, { search, status, tag, archived, sort, ascending, params, ...options }) {
    const input = {
      project_id: await projectId(context),
      ...pageSize(options),
      q: search,
      status,
      tag,
      params,
      ...(archived && { archived: 'include' as const }),
      ...(sort !== undefined && sorting(sort)),
      ...(ascending && { order: 'asc' as const }),
    };
    const shown = params?.split(',') ?? [];
    return list({
      ...pagesOf(context.send('experiment.list', input), options),
      id: ({ experiment_id }) => experiment_id,
      columns: [
        { title: 'EXPERIMENT', cell: ({ experiment_id }) => id(experiment_id) },
        { title: 'NAME', cell: ({ name }) => name },
        { title: 'STATUS', cell: statusOf },
        { title: 'JOBS', cell: ({ num_jobs }) => num_jobs },
        ...shown.map((path) => ({ title: path, cell: (entry: ExperimentListEntry) => String(entry.params[path] ?? '') })),
        { title: 'METRICS', cell: (entry) => metrics(entry.metrics) },
        { title: 'TAGS', cell: ({ tags }) => tags.join(', ') },
        { title: 'UPDATED', cell: ({ updated_at }) => time(updated_at) },
      ],
      empty: 'No experiments yet: verge experiment create',
    });
  },
});

type Sorting = { sort: 'created' | 'updated' | 'name' } | { sort: 'metric'; metric: string };
const sorting = (by: string): Sorting => (by === 'created' || by === 'updated' || by === 'name' ? { sort: by } : { sort: 'metric', metric: by });

/** `job 3: 1/2 updates`, or how the last one ended. */
function statusOf({ live_job: live, last_job: last, archived_at, paused_at }: ExperimentListEntry): string {
  const paused = paused_at ? 'paused, ' : '';
  if (live) return `${paused}job ${live.sequence}: ${live.num_updates}/${live.num_devices} updates`;
  const ended = paused + (last ? `job ${last.sequence} ${last.status.toLowerCase()}` : 'no job yet');
  return archived_at ? `archived, ${ended}` : ended;
}
