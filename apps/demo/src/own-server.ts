import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { startServer, type Server } from './processes/server.js';
import { seconds } from './screen/screen.js';
import type { Stage } from './stage.js';

export interface OwnServer extends Server {
  readonly key: string;
}

/** A server on a folder and port of its own, with a key that nobody else has; `say` tells when it goes and comes back. */
export async function ownServer({ folder, endings, fail }: Stage, say: (line: string) => void): Promise<OwnServer> {
  const key = randomBytes(32).toString('hex');
  const server = await startServer({
    dataDir: path.join(folder, 'data'),
    key,
    onGone: (how) => say(`  The server is gone (${how}); starting it again …`),
    onBack: (time) => say(`  … it is back after ${seconds(time)}, and everybody goes on where they were.`),
    onLost: fail,
  });
  endings.push(() => server.stop());
  return { ...server, key };
}
