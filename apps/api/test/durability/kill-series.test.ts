import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyMoment, createDatabase, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { describe, expect, inject, it } from 'vitest';
import { databases, send, type TestApi } from '../support/api.js';
import { cancelJob, createSeries, eventsOf, getExperiment, getJob, jobWith, model, newTraining, submitUpdate } from '../support/training.js';

const ROUNDS = 4;
/** A connection that broke is no answer; fetch tells of it by a TypeError. */
const orBroken = async (ask: Promise<unknown>): Promise<void> => {
  await ask.catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error;
  });
};

describe.each(databases)('a server on %s that is killed with -9 around a paused experiment', (database) => {
  it('lets the running job finish and starts nothing after it, however often it is started again', { timeout: 300_000 }, async () => {
    const random = seededRandom(testSeed(`kills around a pause on ${database}`));
    const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-kill-'));
    const env: Record<string, string> = database === 'postgresql' ? { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } : {};
    let server: RunningServer | undefined;
    const start = async () => {
      server = await startServer({ dataDir, env });
      return { url: server.url, adminKey: server.key, dataDir } as TestApi;
    };
    try {
      let api = await start();
      const training = await newTraining(api, 1);
      const ids = { project_id: training.project, experiment_id: training.experiment };
      const post = (which: string) => send(api, 'POST', `/v1/experiment/${which}`, { key: api.adminKey, json: ids });
      const pausedAt = async () => (await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey })).body.paused_at as string | null;
      for (let round = 0; round < ROUNDS; round++) {
        const [first, second] = (await createSeries(api, training, 2)).body.job_ids as [string, string];
        let acknowledged = false;
        const pausing = orBroken(post('pause').then(() => void (acknowledged = true)));
        if (random() < 0.5) await pausing;
        const submitting = orBroken(submitUpdate(api, training, first, training.devices[0]!, model(round)));
        await anyMoment(random, 60);
        await server!.kill();
        await Promise.all([pausing, submitting]);
        api = await start();

        if (acknowledged) expect(await pausedAt()).toEqual(expect.any(String));
        // Whatever had not been answered is asked for once more; what had been stays so.
        await post('pause');
        await orBroken(submitUpdate(api, training, first, training.devices[0]!, model(round)));
        await jobWith(api, training, first, 'COMPLETED', 60_000);
        if (acknowledged) expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
        await server!.kill();
        api = await start();
        if (acknowledged) expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
        expect(await getExperiment(api, training)).toMatchObject({ is_active: true });
        await post('resume');
        expect((await getJob(api, training, second)).status).toBe('IN_PROGRESS');
        await cancelJob(api, training, second);
      }
      const told = (await eventsOf(api, training)).map(({ type }) => type).filter((type) => /paused|resumed/.test(type));
      expect(told).toEqual(Array.from({ length: ROUNDS }, () => ['experiment_paused', 'experiment_resumed']).flat());
    } finally {
      await server?.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
