import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { describe, expect, inject, it } from 'vitest';
import { databases, type TestApi } from '../support/api.js';
import { listen, type Listener } from '../support/listen.js';
import { cancelJob, eventsOf, newJob, newTraining } from '../support/training.js';

const KILLS = 3;

describe.each(databases)('an event stream on %s', (database) => {
  it('goes on by Last-Event-ID after kill -9 of its server, without a gap and without a repetition', { timeout: 120_000 }, async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-events-'));
    const env: Record<string, string> =
      database === 'postgresql' ? { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } : {};
    let server: RunningServer | undefined;
    let stream: Listener | undefined;
    const start = async () => {
      server = await startServer({ dataDir, env });
      return { url: server.url, adminKey: server.key, dataDir } as TestApi;
    };
    try {
      let api = await start();
      const training = await newTraining(api, 1);
      const heard: number[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        stream = await listen(api, training, heard.length > 0 ? { lastEventId: heard.at(-1)! } : {});
        await cancelJob(api, training, await newJob(api, training));
        await eventually('something is told', () => stream!.events.length > 0);
        // Not all of it may have been told by now.
        await server!.kill();
        await eventually('the stream breaks', () => stream!.isOver());
        heard.push(...stream.events.map(({ id }) => id));
        api = await start();
      }
      const { sequence } = (await eventsOf(api, training)).at(-1)!;
      stream = await listen(api, training, { lastEventId: heard.at(-1)! });
      await cancelJob(api, training, await newJob(api, training));
      await eventually('the rest is told', () => stream!.events.at(-1)?.id === sequence + 3);
      heard.push(...stream.events.map(({ id }) => id));
      expect(heard).toEqual(Array.from({ length: sequence + 3 }, (_, at) => at + 1));
    } finally {
      stream?.hangUp();
      await server?.kill();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
