import type { APIKeyWhoamiAnswer } from '@vergeai/sdk';
import { serverUrl } from '../context/server.js';
import { looks, type Look } from './doctor/looks.js';
import { list } from '../output/result.js';
import { command } from '../program/command.js';

export default command({
  examples: ['verge doctor', 'verge doctor --json'],
  details: 'Looks at the way to the server, the key, the clock, and whether events come as they happen. Ends with 9 when the server is not reached, 4 when the key does not count.',
  takes: (it) => it,
  async run(context) {
    const server = serverUrl(context.sources);
    const found: Look[] = [];
    let answer: Promise<APIKeyWhoamiAnswer> | undefined;
    const whoami = () => (answer ??= context.client.APIKey.whoami({}, { ...context.call, maxRetries: 0 }).then(({ body }) => body));
    for (const look of looks) {
      const seen = await look(context, { server, whoami });
      if (!seen) continue;
      found.push(seen);
      if (seen.exitCode) break;
    }
    return {
      ...list({
        entries: found,
        columns: [
          { title: '', cell: ({ ok }) => (ok === null ? '–' : ok ? '✓' : '✗') },
          { title: 'WHAT', cell: ({ what }) => what },
          { title: 'FOUND', cell: ({ found: text }) => text },
        ],
        empty: '',
      }),
      exitCode: found.find(({ exitCode }) => exitCode)?.exitCode,
    };
  },
});
