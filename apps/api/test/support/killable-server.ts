import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, startServer, type RunningServer } from '@vergeai/testkit';
import { inject, onTestFinished } from 'vitest';
import type { TestApi } from './api.js';

export interface KillableServer {
  /** Starts it on what it left. */
  start(): Promise<TestApi>;
  /** Ends it with -9. */
  kill(): Promise<void>;
}

/** A server process whose data stay when it is killed, until the test is over. */
export async function killableServer(database: string): Promise<KillableServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-kill-'));
  const env: Record<string, string> = database === 'postgresql' ? { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } : {};
  let server: RunningServer | undefined;
  onTestFinished(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    async start() {
      server = await startServer({ dataDir, env });
      return { url: server.url, adminKey: server.key, dataDir } as TestApi;
    },
    kill: () => server!.kill(),
  };
}

/** What came of a request to a server that may be killed: undefined where the connection broke, of which fetch tells by a TypeError. */
export async function unlessBroken<Answer>(ask: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}
