import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, startServer } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import { VergeAI, type EventEntry } from '../src/index.js';

it('an experiment is followed through kill -9 of the server: nothing is missing, nothing is told twice, and it ends by itself', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sdk-follow-'));
  let server = await startServer({ dataDir });
  try {
    const { port } = new URL(server.url);
    const vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url });
    const { project_id } = (await vergeai.Project.create({ project_name: 'Follow' })).body;
    const experiment_id = (await vergeai.Experiment.create({ project_id })).body.ID;
    const ids = { project_id, experiment_id };
    await vergeai.Experiment.submit_start_model({ ...ids, model: { w: [1] } });
    await vergeai.Device.create({ project_id });
    const newJob = async () => (await vergeai.Job.create({ ...ids, num_devices: 1 })).body.ID;
    let job = await newJob();

    const events: EventEntry[] = [];
    const connections: string[] = [];
    const following = (async () => {
      for await (const event of vergeai.Experiment.follow(ids, { until: 'idle', onConnection: (now) => connections.push(now) })) events.push(event);
    })();
    for (let round = 1; round <= 2; round++) {
      await eventually('the job is told of', () => events.some(({ type, job_id }) => type === 'job_in_progress' && job_id === job));
      const next = await newJob();
      await vergeai.Job.cancel({ project_id, job_id: job });
      job = next;
      await server.kill();
      await eventually('the loss is noticed', () => connections.filter((each) => each === 'lost').length === round);
      server = await startServer({ dataDir, env: { PORT: port } });
    }
    await eventually('the job is told of', () => events.some(({ type, job_id }) => type === 'job_in_progress' && job_id === job));
    await vergeai.Job.cancel({ project_id, job_id: job });
    await following;

    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 1));
    expect(events.at(-1)).toMatchObject({ type: 'job_cancelled', job_id: job });
    expect(connections).toEqual(['live', 'lost', 'live', 'lost', 'live']);
    const log: EventEntry[] = [];
    for await (const event of vergeai.Experiment.events(ids)) log.push(event);
    expect(events).toEqual(log);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true });
  }
});
