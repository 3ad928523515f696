import { JobCancelled, VergeAI } from '@vergeai/sdk';
import { startServer, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Experiment, floats, type Model, type Train, type TrainProgress } from '../src/index.js';

let server: RunningServer;
let client: VergeAI;
beforeAll(async () => {
  server = await startServer();
  client = new VergeAI({ apiKey: server.key, baseUrl: server.url });
});
afterAll(() => server.stop());

/** Adds the learning rate to every number, and reports the sum. */
const add: Train = ({ model, hyperparameters, report }) => {
  const w = floats(model, 'w');
  for (let i = 0; i < w.length; i++) w[i]! += Number(hyperparameters['learning_rate']);
  report({ sum: [...w].reduce((sum, value) => sum + value, 0) });
  return { model, numExamples: w.length, metrics: { rate: Number(hyperparameters['learning_rate']) } };
};
const start = (): Model => new Map([['w', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]]);

describe('Experiment.train', () => {
  it('trains a model round by round and gives it back, telling how far it is', async () => {
    const seen: TrainProgress[] = [];
    const trained = await Experiment.train(start(), { client, train: add, rounds: 3, name: 'Sums', hyperparameters: { learning_rate: 0.5 }, onProgress: (progress) => seen.push(progress) });
    expect(floats(trained.model, 'w')).toEqual(Float32Array.of(2.5, 3.5));
    expect(trained.metrics).toEqual([4, 5, 6].map((sum) => ({ sum, rate: 0.5 })));
    expect(seen.filter(({ done }) => done)).toEqual([4, 5, 6].map((sum, at) => ({ round: at + 1, rounds: 3, metrics: { sum, rate: 0.5 }, done: true })));
    expect(seen.map(({ round }) => round)).toEqual(seen.map(({ round }) => round).toSorted());

    const ids = { project_id: trained.project_id, experiment_id: trained.experiment_id };
    const { body } = await client.Experiment.describe(ids);
    expect(body).toMatchObject({ name: 'Sums', hyperparameters: { learning_rate: 0.5 }, status: 'idle', num_jobs: 3 });
    expect(body.jobs.data.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    // The device that did it was this process's own.
    expect((await client.Device.list({ project_id: ids.project_id })).body.data).toEqual([]);
  });

  it('goes on with an experiment that is there, whatever became of its rounds before', async () => {
    const options = { client, train: add, rounds: 2 };
    const { project_id, experiment_id } = await Experiment.train(start(), { ...options, hyperparameters: { learning_rate: 0.5 } });
    const { device_id } = (await client.Device.create({ project_id })).body;
    const cancelled = await client.Job.create({ project_id, experiment_id, num_devices: 1 });
    await client.Job.cancel({ project_id, job_id: cancelled.body.ID });
    await client.Device.delete({ project_id, device_id });

    const seen: string[] = [];
    const trained = await Experiment.resume({ ...options, projectId: project_id, experimentId: experiment_id, onProgress: ({ round, rounds, done }) => done && seen.push(`${round}/${rounds}`) });
    expect(floats(trained.model, 'w')).toEqual(Float32Array.of(3, 4));
    expect(trained).toMatchObject({ project_id, experiment_id, metrics: [{ sum: 6, rate: 0.5 }, { sum: 7, rate: 0.5 }] });
    expect(seen).toEqual(['1/2', '2/2']);
    expect((await client.Experiment.describe({ project_id, experiment_id })).body.num_jobs).toBe(5);
  });

  it('takes a model in any form, and one round when nothing is said', async () => {
    const train: Train = ({ model }) => ({ model: { w: Float64Array.from(floats(model, 'w'), (value) => value * 2) } });
    const { model } = await Experiment.train({ w: [[1, 2], [3, 4]] }, { client, train });
    expect(model.get('w')).toEqual({ dtype: 'F64', shape: [2, 2], data: Float64Array.of(2, 4, 6, 8) });
  });

  it('ends with what the training threw, and leaves no job waiting', async () => {
    let rounds = 0;
    const failing: Train = (training) => {
      if (++rounds === 2) throw new RangeError('The data are gone.');
      return add(training);
    };
    let project_id = '';
    const watched = Object.assign(client.withOptions({}), {
      Project: { ...client.Project, create: async (input: { project_name: string }) => {
        const answer = await client.Project.create(input);
        project_id = answer.body.project_id;
        return answer;
      } },
    });
    await expect(Experiment.train(start(), { client: watched, train: failing, rounds: 4, hyperparameters: { learning_rate: 1 } })).rejects.toThrow(new RangeError('The data are gone.'));
    const [experiment] = (await client.Experiment.list({ project_id })).body.data;
    expect(experiment!.status).toBe('idle');
    const jobs = (await client.Job.list({ project_id, experiment_id: experiment!.experiment_id })).body.data;
    expect(jobs.map(({ status }) => status === 'COMPLETED')).toEqual([false, false, false, true]);
    expect((await client.Device.list({ project_id })).body.data).toEqual([]);
  });

  it('ends when it is told to, and when a round is cancelled by somebody else', async () => {
    const abort = new AbortController();
    const forever: Train = ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const stopped = Experiment.train(start(), { client, train: forever, signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');

    const cancelled = Experiment.train(start(), {
      client,
      rounds: 2,
      async train({ job, signal }) {
        const { project_id } = (await client.Project.list({ limit: 1 })).body.data[0]!;
        await client.Job.cancel({ project_id, job_id: job.id });
        return forever({ signal } as Parameters<Train>[0]);
      },
    });
    await expect(cancelled).rejects.toThrow(JobCancelled);
  });

  it('refuses rounds that are none', async () => {
    await expect(Experiment.train(start(), { client, train: add, rounds: 0 })).rejects.toThrow('rounds must be a whole number, 1 or more, not 0.');
    await expect(Experiment.resume({ client, train: add, rounds: 1.5, projectId: 'p', experimentId: 'e' })).rejects.toThrow('rounds must be a whole number, 1 or more, not 1.5.');
  });
});
