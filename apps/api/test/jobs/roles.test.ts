import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { getJob, jobWith, model, newJob, newTraining, submitUpdate } from '../support/training.js';

let folder: string;
let shared: Record<string, string>;
const ends: Array<() => Promise<void>> = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vergeai-roles-'));
  shared = {
    DATABASE_URL: await createDatabase(inject('postgresUrl')),
    DATABASE_ALLOW_UNSAFE_FSYNC: '1',
    STORAGE_URL: `file:${path.join(folder, 'blobs')}`,
    SECRET_KEY: 'the-same-secret-for-both-roles-0123456789',
  };
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(folder, { recursive: true, force: true });
});

it('ROLE=api leaves aggregations and deadlines to ROLE=worker, however long none is there', async () => {
  const clock = testClock();
  const start = async (ROLE: 'api' | 'worker'): Promise<TestApi> => {
    const started = await startApi('postgresql', { ...shared, ROLE }, { clock, background: true });
    ends.push(() => started.close());
    return started;
  };
  const api = await start('api');
  const [training, other] = [await newTraining(api, 1), await newTraining(api, 1)];
  const trained = await newJob(api, training);
  const overdue = await newJob(api, other, { termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 10 }] });
  await submitUpdate(api, training, trained, training.devices[0]!, model(1));
  for (let second = 0; second < 100; second++) await clock.advance(1_000);
  expect((await getJob(api, training, trained)).status).toBe('AGGREGATION_IN_PROGRESS');
  expect((await getJob(api, other, overdue)).status).toBe('IN_PROGRESS');
  await start('worker');
  // A start takes the database's time, which no test steps: there it is earlier.
  await clock.advance(15_000);
  expect((await getJob(api, other, overdue)).status).toBe('CANCELLED');
  await jobWith(api, training, trained, 'COMPLETED');
});

it('a process with ROLE=api takes requests, and one with ROLE=worker aggregates and takes none', async () => {
  const start = async (ROLE: 'api' | 'worker'): Promise<RunningServer> => {
    const server = await startServer({ dataDir: path.join(folder, ROLE), env: { ...shared, ROLE } });
    ends.push(() => server.stop());
    return server;
  };
  const [{ url, key }, worker] = [await start('api'), await start('worker')];
  const api = { url, adminKey: key } as TestApi;
  const training = await newTraining(api, 1);
  const job = await newJob(api, training);
  await submitUpdate(api, training, job, training.devices[0]!, model(1));
  await eventually('it is aggregated', async () => (await getJob(api, training, job)).status === 'COMPLETED');
  expect((await send(worker, 'GET', `/v1/job/get/${training.project}/${job}`, { key })).status).toBe(404);
  expect((await send(worker, 'GET', '/readyz')).status).toBe(200);
});
