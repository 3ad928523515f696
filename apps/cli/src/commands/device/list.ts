import { id, time } from '../../output/cells.js';
import { projectId } from '../../names/names.js';
import { pageOptions, pageSize, pagesOf } from '../../output/pages.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';
import { oneOf } from '../../program/one-of.js';

export default command({
  examples: ['verge device list', 'verge device list --presence online --label gpu'],
  takes: (it) =>
    pageOptions(it)
      .option('--search <text>', 'a part of the name, or the beginning of the id')
      .option('--label <label>', 'those with this label')
      .option('--status <status>', 'idle or busy', oneOf(['idle', 'busy']))
      .option('--presence <presence>', 'online, late, offline or never', oneOf(['online', 'late', 'offline', 'never'])),
  async run(context, _, { search, label, status, presence, ...options }) {
    const input = { project_id: await projectId(context), ...pageSize(options), q: search, label, status, presence };
    return list({
      ...pagesOf(context.send('device.list', input), options),
      id: ({ device_id }) => device_id,
      columns: [
        { title: 'DEVICE', cell: ({ device_id }) => id(device_id) },
        { title: 'NAME', cell: ({ name }) => name },
        { title: 'PRESENCE', cell: (device) => device.presence },
        { title: 'AT', cell: ({ current }) => current && `job ${current.sequence}: ${current.state}` },
        { title: 'LAST SEEN', cell: ({ last_seen_at }) => time(last_seen_at) },
        { title: 'LABELS', cell: ({ labels }) => labels.join(', ') },
        { title: 'REGISTERED', cell: ({ created_at }) => time(created_at) },
      ],
      empty: 'No devices yet: verge device register --name laptop-1',
    });
  },
});
