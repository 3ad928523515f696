import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyMoment, createDatabase, eventually, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { describe, expect, inject, it } from 'vitest';
import { send, type TestApi } from '../support/api.js';
import { startS3 } from '../support/s3.js';
import { jobWith, newDevice, newJob, newTraining, submitUpdate, type TestDevice } from '../support/training.js';
import { stagedFiles } from '../support/uploads.js';

/** In each of them an api and a worker process are killed. */
const ROUNDS = 12;
/** Large enough that some uploads to the store go in parts. */
const sizes = [10, 10_000, 1_500_000];
const modelOf = (numbers: number, value: number) => ({ w: Array.from({ length: numbers }, () => value + 0.25) });

describe('api and worker processes on PostgreSQL and S3, each killed with -9 at any moment', () => {
  it('lose no update and no aggregate that was acknowledged, and no job gets stuck', { timeout: 900_000 }, async () => {
    const random = seededRandom(testSeed('kills with models on S3'));
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-kill-s3-'));
    const s3 = await startS3();
    const env = {
      ...s3.env,
      DATABASE_URL: await createDatabase(inject('postgresUrl')),
      DATABASE_ALLOW_UNSAFE_FSYNC: '1',
      SECRET_KEY: 'the-same-secret-for-all-processes-0123456789',
    };
    const processes = new Map<string, RunningServer>();
    const start = async (name: string) => {
      const server = await startServer({ dataDir: path.join(folder, name), env: { ...env, ROLE: name.startsWith('api') ? 'api' : 'worker' } });
      processes.set(name, server);
      return server;
    };
    const names = ['api-1', 'api-2', 'worker-1', 'worker-2'];
    const api = (n: number) => ({ url: processes.get(`api-${n}`)!.url, adminKey: processes.get(`api-${n}`)!.key }) as TestApi;
    try {
      for (const name of names) await start(name);
      const trainings = [];
      for (const numbers of sizes) {
        const training = await newTraining(api(1), 0, modelOf(numbers, 0));
        trainings.push({ ...training, numbers, devices: [await newDevice(api(1), training.project), await newDevice(api(1), training.project)] });
      }
      let acknowledged = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const { numbers, devices, ...training } = trainings[Math.floor(random() * trainings.length)]!;
        const job = await newJob(api(1), { ...training, devices }, { num_devices: 2 });
        const submit = async (device: TestDevice, n: number) => {
          const { status, text } = await submitUpdate(api(n), { ...training, devices }, job, device, modelOf(numbers, round + n));
          expect(status, text).toBe(204);
          acknowledged++;
        };
        const submitted = Promise.allSettled(devices.map((device, at) => submit(device, at + 1)));
        const killed = ['api', 'worker'].map((role) => `${role}-${1 + Math.floor(random() * 2)}`);
        const killing = killed.map(async (name) => {
          await anyMoment(random, numbers > 100_000 ? 2500 : 250);
          await processes.get(name)!.kill();
        });
        await Promise.all(killing);
        const outcomes = await submitted;
        await Promise.all(killed.map(start));
        for (const [at, { status }] of outcomes.entries()) if (status === 'rejected') await submit(devices[at]!, at + 1);
        await jobWith(api(1), { ...training, devices }, job, 'COMPLETED', 60_000);
        const { body } = await send(api(2), 'GET', `/v1/experiment/current_model/${training.project}/${training.experiment}`, { key: api(2).adminKey });
        const bytes = await send(api(2), 'GET', body.model_url as string);
        expect(bytes.status).toBe(200);
        expect(bytes.body, `after killing ${killed.join(' and ')}`).toEqual({ w: Array.from({ length: numbers }, () => round + 1.75) });
      }
      console.log(`${2 * ROUNDS} kills, ${acknowledged} updates acknowledged`);
      for (const name of names) await eventually(`nothing is left in ${name}`, async () => (await stagedFiles(path.join(folder, name))).length === 0);
      for (const name of names) expect(await readdir(path.join(folder, name, 'blobs'))).toEqual(['copies', 'staging']);
    } finally {
      for (const server of processes.values()) await server.stop();
      await s3.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
