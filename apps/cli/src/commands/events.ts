import { eventList } from '../live/event-list.js';
import { followed } from '../live/follow.js';
import { experimentIds, jobIds } from '../names/names.js';
import { command } from '../program/command.js';
import { wholeNumber } from '../program/duration.js';
import { oneOf } from '../program/one-of.js';

/** The most that one answer holds. */
const PAGE = 200;

export default command({
  examples: ['verge events', 'verge events --follow --until idle', 'verge events --since 3 --jsonl', 'verge events --job 1 --type job_completed'],
  details: 'Oldest first. Following goes on through a lost connection and a restarted server: each event comes once, and none is missed.',
  takes: (it) =>
    it
      .option('-f, --follow', 'go on as they happen, until Ctrl-C')
      .option('--until <state>', 'idle: end when no job runs or waits', oneOf(['idle']))
      .option('--since <number>', 'those after this one', wholeNumber)
      .option('--type <type>', 'those of this type, such as job_completed')
      .option('--job <job>', 'those of this job'),
  async run(context, _, { follow, until, since, type, job }) {
    const ids = await experimentIds(context);
    const job_id = job === undefined ? undefined : (await jobIds(context, job)).job_id;
    const input = { ...ids, ...(since !== undefined && { after: since }), limit: PAGE };
    context.show('experiment.events', input);
    const live = follow ?? until !== undefined;
    return eventList(context, ids, {
      events: live ? followed(context, ids, { after: since, until }) : context.send('experiment.events', input),
      wanted: (event) => (type === undefined || event.type === type) && (job_id === undefined || event.job_id === job_id),
      live,
    });
  },
});
