import type { Context } from '../context/context.js';
import { record } from '../output/result.js';
import { command } from '../program/command.js';
import { sdkVersion, version } from '../version.js';

export default command({
  examples: ['verge version', 'verge version --json'],
  details: "The server's is null when it can't be asked.",
  takes: (it) => it,
  async run(context) {
    const server = await serverVersion(context);
    const body = { cli: version, sdk: sdkVersion, node: process.versions.node, server };
    return record({ body, members: Object.entries(body).map(([name, value]) => [name, value ?? 'not known'] as const), id: version });
  },
});

/** Versions are asked for when something is wrong, so nothing is tried twice. */
async function serverVersion(context: Context): Promise<string | null> {
  try {
    return (await context.client.APIKey.whoami({}, { ...context.call, maxRetries: 0, timeoutMs: 3000 })).body.server.version;
  } catch {
    return null;
  }
}
