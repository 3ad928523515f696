import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@vergeai/testkit';
import { JobCancelled, PermissionDenied, TimeoutError, VergeAI } from '../src/index.js';

let server: RunningServer;
let vergeai: VergeAI;
beforeAll(async () => {
  server = await startServer();
  vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url });
});
afterAll(() => server.stop());

/** A project with one device, and an experiment that has a start model. */
async function ready() {
  const { project_id } = (await vergeai.Project.create({ project_name: 'Jobs' })).body;
  const { device_id, device_api_key } = (await vergeai.Device.create({ project_id })).body;
  const experiment_id = (await vergeai.Experiment.create({ project_id, hyperparameters: { learning_rate: 0.1 } })).body.ID;
  await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: { w: [1, 2, 3] } });
  return { project_id, experiment_id, device_id, device: new VergeAI({ apiKey: device_api_key, baseUrl: server.url }) };
}

describe('a job', () => {
  it('goes from next_job through a streamed update to an aggregate that can be read', async () => {
    const { project_id, experiment_id, device_id, device } = await ready();
    const { body: job } = await vergeai.Job.create({ project_id, experiment_id, num_devices: 1 });
    const seen: string[] = [];
    const ended = vergeai.Job.wait_for_completion({ project_id, job_id: job.ID }, { timeoutMs: 20_000, onProgress: ({ status }) => seen.push(status) });

    const { body: next } = await device.Device.next_job({ project_id, wait: 10 });
    if (next.job_id === undefined) throw new Error('there is a job');
    expect(next.hyperparameters).toEqual({ learning_rate: 0.1 });
    expect(await device.download(next.model_url, { sha256: next.model.sha256 }).json()).toEqual({ w: [1, 2, 3] });
    const model = new Blob(['{"w":[4,', '5,6]}']).stream();
    const submitted = await device.Device.submit_model_update({ project_id, job_id: next.job_id, model, num_examples: 5, metrics: { loss: 0.25 } });
    expect(submitted).toEqual({ statusCode: 200, body: {} });

    expect((await ended).body).toMatchObject({ ID: job.ID, status: 'COMPLETED', models: { [device_id]: { entity_id: device_id } } });
    expect(seen.at(-1)).toBe('COMPLETED');
    expect(await vergeai.Job.aggregate_model({ project_id, job_id: job.ID }).json()).toEqual({ w: [4, 5, 6] });
    expect(await vergeai.Experiment.current_model({ project_id, experiment_id }).json()).toEqual({ w: [4, 5, 6] });
  });

  it('that is cancelled ends the wait for it', async () => {
    const { project_id, experiment_id } = await ready();
    const { body: job } = await vergeai.Job.create({ project_id, experiment_id, num_devices: 1 });
    const [ended] = await Promise.allSettled([vergeai.Job.wait_for_completion({ project_id, job_id: job.ID }), vergeai.Job.cancel({ project_id, job_id: job.ID })]);
    expect(ended).toMatchObject({ status: 'rejected', reason: expect.any(JobCancelled) });
  });

  it('that nobody trains is not waited for without end', async () => {
    const { project_id, experiment_id } = await ready();
    const { body: job } = await vergeai.Job.create({ project_id, experiment_id, num_devices: 1 });
    await expect(vergeai.Job.wait_for_completion({ project_id, job_id: job.ID }, { timeoutMs: 400 })).rejects.toThrow(TimeoutError);
  });

  it('is none when there is nothing to train', async () => {
    const { project_id, device } = await ready();
    expect(await device.Device.next_job({ project_id, wait: 0.1 })).toEqual({ statusCode: 200, body: {} });
    await expect(device.Experiment.list({ project_id })).rejects.toThrow(PermissionDenied);
  });
});
