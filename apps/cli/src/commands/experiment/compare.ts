import type { ProjectCompareExperiment } from '@vergeai/sdk';
import { id, measured } from '../../output/cells.js';
import { memberCell } from '../../output/cell-text.js';
import { experimentIds, projectId } from '../../names/names.js';
import { list, record, type Column } from '../../output/result.js';
import { command } from '../../program/command.js';
import { collect } from '../../program/duration.js';

export default command({
  examples: ['verge experiment compare Baseline Faster', 'verge experiment compare @last Baseline --metric loss --json'],
  details: 'Shows the hyperparameters in which they differ, and the mean of each metric over the devices of the last job that reported it. --json has the curves, too.',
  takes: (it) =>
    it
      .argument('<experiment...>', 'two to twenty: ids, beginnings of ids, names, or @last')
      .option('--metric <name>', 'this one; may be given several times', collect),
  async run(context, [named], { metric }) {
    const ids: string[] = [];
    for (const name of named) ids.push((await experimentIds(context, name)).experiment_id);
    const { body } = await context.send('project.compare', {
      project_id: await projectId(context),
      experiment_ids: ids.join(','),
      ...(metric && { names: metric.map(escaped).join(',') }),
    });
    if (context.globals.json) return record({ body, members: [] });
    const names = metric ?? Object.keys(body.experiments[0]?.mean ?? {});
    return list({
      entries: body.experiments,
      id: ({ experiment_id }) => experiment_id,
      columns: [
        { title: 'EXPERIMENT', cell: ({ experiment_id }) => id(experiment_id) },
        { title: 'NAME', cell: ({ name }) => name },
        { title: 'LAST JOB', cell: ({ sequence }) => sequence.at(-1) },
        ...body.differing.map((path): Column<ProjectCompareExperiment> => ({ title: path, cell: ({ hyperparameters }) => memberCell(hyperparameters, path) })),
        ...names.map((name): Column<ProjectCompareExperiment> => ({ title: name, cell: ({ mean }) => measured(mean[name]?.findLast((value) => value !== null)) })),
      ],
      empty: '',
    });
  },
});

/** A comma within a name is not one between two. */
const escaped = (name: string) => name.replaceAll(/[\\,]/g, String.raw`\$&`);
