import { eventList } from '../live/event-list.js';
import { followed } from '../live/follow.js';
import { lastEvents, newestEvent } from '../live/last-events.js';
import { deviceId, experimentIds, jobIds } from '../names/names.js';
import { command } from '../program/command.js';
import { collect, positiveInteger, wholeNumber } from '../program/duration.js';
import { oneOf } from '../program/one-of.js';

/** The most that one answer holds. */
const PAGE = 200;

export default command({
  examples: ['verge events', 'verge events --last 20', 'verge events --follow --until idle', 'verge events --since 3 --jsonl', 'verge events --job 1 --type job_completed'],
  details: 'Oldest first. Following goes on through a lost connection and a restarted server: each event comes once, and none is missed.',
  takes: (it) =>
    it
      .option('-f, --follow', 'go on as they happen, until Ctrl-C')
      .option('--until <state>', 'idle: end when no job runs or waits', oneOf(['idle']))
      .option('--since <number>', 'those after this one', wholeNumber)
      .option('--last <count>', 'no more than these, from the end', positiveInteger)
      .option('--type <type>', 'those of this type, such as job_completed; may be given several times', collect)
      .option('--job <job>', 'those of this job')
      .option('--device <device>', 'those of this device'),
  async run(context, _, { follow, until, since, last, type, job, device }) {
    const ids = await experimentIds(context);
    const job_id = job === undefined ? undefined : (await jobIds(context, job)).job_id;
    const device_id = device === undefined ? undefined : await deviceId(context, ids.project_id, device);
    const filter = { ...(type && { types: type.join(',') }), ...(job_id && { job_id }), ...(device_id && { device_id }) };
    const input = { ...ids, ...(since !== undefined && { after: since }), ...filter };
    context.show('experiment.events', last === undefined ? { ...input, limit: PAGE } : { ...input, order: 'desc', limit: Math.min(last, PAGE) });
    const live = follow ?? until !== undefined;

    async function* events() {
      let after = since;
      if (last !== undefined) {
        // What comes from here on is told by following.
        const newest = live ? await newestEvent(context, ids) : undefined;
        yield* await lastEvents(context, { ...input, ...(newest !== undefined && { before: newest + 1 }) }, last);
        after = Math.max(newest ?? 0, since ?? 0);
      }
      if (live) yield* followed(context, ids, { after, until });
      else if (last === undefined) yield* context.send('experiment.events', { ...input, limit: PAGE });
    }
    return eventList(context, ids, {
      events: events(),
      wanted: (event) => (type?.includes(event.type) ?? true) && (job_id === undefined || event.job_id === job_id) && (device_id === undefined || event.device_id === device_id),
      live,
    });
  },
});
