import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IntegrityError, type Fetch } from '@vergeai/sdk';
import { eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { gate, jobWith, newExperiment, newJob, workerFor } from './support.js';

let server: RunningServer;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'worker-faults-'));
  server = await startServer({ dataDir });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a server that is killed with -9', () => {
  it('while a device trains gets the update when it is back', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1, 2] });
    const job = await newJob(experiment);
    const [training, finish] = [gate(), gate()];
    let trained = 0;
    const worker = workerFor(
      experiment,
      experiment.devices[0]!,
      async ({ signal }) => {
        trained++;
        training.open();
        await finish.opened;
        expect(signal.aborted).toBe(false);
        return { model: { w: { data: [3, 4] } }, numExamples: 2 };
      },
      { heartbeatSec: 0.1 },
    );
    const run = worker.run({ maxJobs: 1 });
    await training.opened;
    await server.kill();
    await eventually('a heartbeat has failed', () => worker.lines.some((line) => line.startsWith('no heartbeat')));
    finish.open();
    await eventually('the update has been kept', () => worker.lines.some((line) => line.includes('it is kept')));
    server = await startServer({ dataDir, env: { PORT: new URL(server.url).port } });
    expect(await run).toBe(1);
    expect(trained).toBe(1);
    await jobWith(experiment, job, 'COMPLETED');
    expect(await experiment.admin.Experiment.current_model(experiment.ids).json()).toEqual({ w: [3, 4] });
  });

  it('while a device waits for a job is found again', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model }) => ({ model }));
    const run = worker.run({ maxJobs: 1 });
    await server.kill();
    await eventually('the worker has noticed', () => worker.lines.some((line) => line.startsWith("can't ask for a job")));
    server = await startServer({ dataDir, env: { PORT: new URL(server.url).port } });
    const job = await newJob(experiment);
    expect(await run).toBe(1);
    await jobWith(experiment, job, 'COMPLETED');
  });
});

describe('a network that misbehaves', () => {
  it('may lose the answer to an update: it is sent again and counts once', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const job = await newJob(experiment);
    let lost = 0;
    const losing: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (init.method !== 'PUT' || lost++ > 0) return response;
      throw new TypeError('fetch failed');
    };
    const worker = workerFor(experiment, experiment.devices[0]!, () => ({ model: { w: { data: [2] } }, numExamples: 1 }), { fetch: losing });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    expect(lost).toBe(2);
    const done = await jobWith(experiment, job, 'COMPLETED');
    expect(Object.keys(done.models)).toEqual([experiment.devices[0]!.id]);
  });

  it('may change the start model on the way: it is fetched again, and refused after three times', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    const job = await newJob(experiment);
    let downloads = 0;
    const changing: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (!url.includes('/v1/download')) return response;
      downloads++;
      const text = (await response.text()).replace('1', '7');
      return new Response(text, { headers: response.headers });
    };
    let trained = 0;
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model }) => (trained++, { model }), { fetch: changing });
    const run = worker.run();
    await jobWith(experiment, job, 'FAILED');
    await worker.stop();
    await run;
    expect(trained).toBe(0);
    expect(downloads).toBe(3);
    expect(worker.errors[0]).toBeInstanceOf(IntegrityError);
  });

  it('may be so slow that the link expires: another one is asked for', async () => {
    const experiment = await newExperiment(server.url, 1, { w: [1] });
    await newJob(experiment);
    const links: string[] = [];
    const expiring: Fetch = async (url, init) => {
      if (url.includes('/v1/download') && links.push(url) === 1) {
        return Response.json({ code: 'ticket_expired', detail: 'Too late.' }, { status: 403, headers: { 'content-type': 'application/problem+json' } });
      }
      return fetch(url, init);
    };
    const worker = workerFor(experiment, experiment.devices[0]!, ({ model }) => ({ model }), { fetch: expiring });
    expect(await worker.run({ maxJobs: 1 })).toBe(1);
    expect(new Set(links).size).toBe(2);
  });
});

it('a cache that has changed a model, or fails, costs a download and nothing else', async () => {
  const experiment = await newExperiment(server.url, 1, { w: [1] });
  await newJob(experiment);
  await newJob(experiment);
  const seen: number[] = [];
  const cache = {
    get: () => new TextEncoder().encode('{"w":[9]}'),
    set: () => Promise.reject(new Error('the disk is full')),
  };
  const worker = workerFor(experiment, experiment.devices[0]!, ({ model }) => (seen.push(Number(model.get('w')!.data[0])), { model }), { cache });
  await worker.run({ maxJobs: 2 });
  expect(seen).toEqual([1, 1]);
  expect(worker.lines.join('\n')).toMatch(/not what it was[^]*the disk is full/);
});
