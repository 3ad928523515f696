import { time } from '../../../output/cells.js';
import { pageOptions, pageSize, pagesOf } from '../../../output/pages.js';
import { list } from '../../../output/result.js';
import { command } from '../../../program/command.js';

export default command({
  examples: ['verge auth keys list'],
  takes: (it) => pageOptions(it),
  run: (context, _, options) =>
    list({
      ...pagesOf(context.send('auth.list', pageSize(options)), options),
      id: ({ key_id }) => key_id,
      columns: [
        { title: 'KEY', cell: ({ key_id }) => key_id },
        { title: 'LABEL', cell: ({ label }) => label },
        { title: 'CREATED', cell: ({ created_at }) => time(created_at) },
        { title: 'LAST USED', cell: ({ last_used_at }) => time(last_used_at) },
        { title: 'EXPIRES', cell: ({ expires_at }) => time(expires_at) },
        { title: 'STATE', cell: ({ revoked_at, is_current }) => (revoked_at ? 'revoked' : is_current ? 'this one' : '') },
      ],
      empty: 'There are no keys.',
    }),
});
