import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import type { TestApi } from '../support/api.js';
import { eventsOf, getJob, jobWith, model, newJob, newTraining, submitUpdate } from '../support/training.js';

/** A pipe in the place of a file: whoever opens it for reading stays there, and we are told that somebody has. */
const nowRead = (pipe: string) =>
  eventually(
    'the aggregation reads the update',
    () => open(pipe, constants.O_WRONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => (error.code === 'ENXIO' ? false : Promise.reject(error))),
    60_000,
  );

it('an aggregation that takes the server down with it each time is given up after twelve deaths, and the next job starts', { timeout: 600_000 }, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-deadly-'));
  let server: RunningServer | undefined;
  const start = async () => {
    server = await startServer({ dataDir });
    return { url: server.url, adminKey: server.key, dataDir } as TestApi;
  };
  try {
    let api = await start();
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    const next = await newJob(api, training, { num_devices: 2 });
    const folder = path.join(dataDir, 'blobs', 'models', training.project);
    const before = await readdir(folder);
    expect((await submitUpdate(api, training, job, training.devices[0]!, model(1))).status).toBe(204);
    const [blob] = (await readdir(folder)).filter((name) => !before.includes(name));
    const pipe = path.join(folder, blob!);
    await rm(pipe);
    execFileSync('mkfifo', [pipe]);
    expect((await submitUpdate(api, training, job, training.devices[1]!, model(2))).status).toBe(204);

    const beganAt = performance.now();
    for (let death = 1; death <= 12; death++) {
      const held = await nowRead(pipe);
      expect((await getJob(api, training, job)).status).toBe('AGGREGATION_IN_PROGRESS');
      await server!.kill();
      await held.close();
      api = await start();
    }
    expect(performance.now() - beganAt, 'kills within seconds are no proof').toBeGreaterThan(50_000);
    const failed = await jobWith(api, training, job, 'FAILED', 60_000);
    const told = (await eventsOf(api, training)).find(({ type }) => type === 'job_failed');
    expect(told?.data).toEqual({ reason: 'the server ended 12 times while it aggregated' });
    expect(failed.aggregate_model).toEqual({});
    expect(await getJob(api, training, next)).toMatchObject({ status: 'IN_PROGRESS', start_model: failed.start_model });
  } finally {
    await server?.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
});
