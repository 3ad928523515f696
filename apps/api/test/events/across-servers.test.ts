import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { listen, openStream } from '../support/listen.js';
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

  it('what changes at one is told to who listens at the other, twenty heartbeats as one', async () => {
    const training = await newTraining(one, 1);
    const job = await newJob(one, training);
    await nextJob(one, training, training.devices[0]!, 0);
    // What has happened so far is told, and its second over.
    await clock.advance(1_000);
    await clock.advance(1_000);
    const stream = await openStream<{ type: string; about?: string; id?: string }>(`${two.url}/v1/project/changes/${training.project}`, { Authorization: two.adminKey });
    expect(stream.response.status).toBe(200);
    await eventually('it says hello', () => stream.events.length > 0);
    const beat = () => send(one, 'POST', '/v1/device/heartbeat', { key: training.devices[0]!.key, json: { project_id: training.project, job_id: job } });
    const ofJob = () => stream.events.filter(({ data }) => data.about === 'job' && data.id === job).length;
    for (let at = 0; at < 20; at++) await beat();
    await eventually('the job is told', () => ofJob() > 0);
    const seconds = 5;
    for (let second = 1; second <= seconds; second++) await clock.advance(1_000);
    // What is told next is something else: nothing is left to tell of the job.
    await send(one, 'POST', '/v1/device/create', { key: one.adminKey, json: { project_id: training.project } });
    await eventually('the device is told', () => stream.events.at(-1)!.data.about === 'device');
    // At once, and at most once more for each second: one server joins what it tells, and the other what it hears.
    expect(ofJob()).toBeLessThanOrEqual(1 + seconds);
    stream.hangUp();
    await stream.reading;
  });
});
