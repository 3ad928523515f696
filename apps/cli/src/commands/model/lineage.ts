import { bytes, hash, id, time } from '../../output/cells.js';
import { experimentIds } from '../../names/names.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge model lineage'],
  details: 'Newest first: what jobs made, the start model, and what that was forked from, as far as one may see.',
  takes: (it) => it,
  async run(context) {
    const { body } = await context.send('experiment.lineage', await experimentIds(context));
    const parents = new Map(body.edges.map(({ parent, child }) => [child, parent]));
    const hashes = new Map(body.nodes.map(({ name, sha256 }) => [name, sha256]));
    return list({
      entries: body.nodes,
      id: ({ sha256 }) => sha256,
      columns: [
        { title: 'SHA256', cell: ({ sha256 }) => hash(sha256) },
        { title: 'KIND', cell: ({ kind, is_current }) => (is_current ? `${kind} (current)` : kind) },
        { title: 'JOB', cell: ({ sequence }) => sequence },
        { title: 'EXPERIMENT', cell: ({ experiment_id, experiment_name }) => experiment_name ?? id(experiment_id) },
        { title: 'SIZE', cell: ({ size }) => bytes(size) },
        { title: 'FROM', cell: ({ name }) => hash(hashes.get(parents.get(name) ?? '')) },
        { title: 'MADE', cell: ({ created_at }) => time(created_at) },
      ],
      empty: 'The experiment has no model yet.',
      more: () => (body.truncated ? 'There are older ones.' : undefined),
    });
  },
});
