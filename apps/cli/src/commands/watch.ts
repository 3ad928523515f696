import { eventList } from '../live/event-list.js';
import { followed } from '../live/follow.js';
import { experimentIds } from '../names/names.js';
import { command } from '../program/command.js';
import { oneOf } from '../program/one-of.js';

export default command({
  examples: ['verge watch --until idle', 'verge watch Baseline --until idle --jsonl'],
  details: 'Redrawn in its place in a terminal; elsewhere, and with --json, an event a line. q leaves, and so does Ctrl-C; the jobs go on.',
  takes: (it) => it.argument('[experiment]', 'its id, the beginning of it, its name, or @last').option('--until <state>', 'idle: end when no job runs or waits', oneOf(['idle'])),
  async run(context, [named], { until }) {
    const ids = await experimentIds(context, named);
    context.show('experiment.events', ids);
    const { json, jsonl } = context.globals;
    if (!context.terminal.live || json || jsonl) return eventList(context, ids, { events: followed(context, ids, { until }), live: true });
    const { watchExperiment } = await import('../live/watch/watch.js');
    await watchExperiment(context, ids, until);
    return undefined;
  },
});
