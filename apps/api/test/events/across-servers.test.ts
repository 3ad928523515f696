import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { listen } from '../support/listen.js';
import { cancelJob, newJob, newTraining, nextJob } from '../support/training.js';

describe('two servers on one PostgreSQL wake each other', () => {
  let folder: string;
  let one: TestApi;
  let two: TestApi;
  // It stands: nobody looks who was not told.
  const clock = testClock();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vergeai-two-'));
    const shared = { DATABASE_URL: await createDatabase(inject('postgresUrl')), STORAGE_URL: `file:${folder}`, SECRET_KEY: 'the-same-secret-for-both-servers-0123456789' };
    one = await startApi('postgresql', shared, { clock });
    two = await startApi('postgresql', shared, { clock });
  });
  afterAll(async () => {
    await one.close();
    await two.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('a long poll at one is answered at once when the other creates a job', async () => {
    const training = await newTraining(one, 2);
    const polls = training.devices.map((device) => nextJob(one, training, device, 30));
    await eventually('both wait', () => clock.waits().filter((ms) => ms === 10_000).length === 2);
    const job = await newJob(two, training, { num_devices: 2 });
    expect((await Promise.all(polls)).map(({ body }) => body.job_id)).toEqual([job, job]);
  });

  it('the event stream of one tells at once what happened at the other', async () => {
    const training = await newTraining(one, 1);
    const stream = await listen(one, training);
    await eventually('the past is told', () => stream.events.length === 2);
    const job = await newJob(two, training);
    await eventually('the job is told', () => stream.events.some(({ data }) => data.job_id === job));
    await cancelJob(two, training, job);
    await eventually('its end is told', () => stream.events.at(-1)!.type === 'job_cancelled');
    stream.hangUp();
    await stream.reading;
  });
});
