import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';
import { cancelJob, getJob, drawnFor, jobWith, model, newJob, newTraining, submitUpdate, type Training } from '../support/training.js';

describe.each(databases)('a row of experiment/list on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const rowOf = async ({ project, experiment }: Pick<Training, 'project' | 'experiment'>, query = '') => {
    const { body } = await send(api, 'GET', `/v1/experiment/list/${project}?archived=include&${query}`, { key: api.adminKey });
    return body.data.find(({ experiment_id }: { experiment_id: string }) => experiment_id === experiment);
  };

  /** A job of two devices, of which each submits its report. */
  async function train(training: Training, reports: ReadonlyArray<Record<string, unknown>>): Promise<string> {
    const job = await newJob(api, training, { num_devices: reports.length });
    const devices = drawnFor(training, await getJob(api, training, job));
    for (const [at, report] of reports.entries()) expect((await submitUpdate(api, training, job, devices[at]!, model(at), report)).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    return job;
  }

  it('has the means of the last job that completed, weighted as its model is, and of none but that', async () => {
    const training = await newTraining(api, 2);
    expect(await rowOf(training)).toMatchObject({ metrics: {}, live_job: null, last_job: null });
    await train(training, [{ num_examples: 1, metrics: { loss: 1, only_first: 7 } }, { num_examples: 3, metrics: { loss: 5, accuracy: 0.5 } }]);
    expect((await rowOf(training)).metrics).toEqual({ accuracy: 0.5, loss: 4, only_first: 7 });
    await train(training, [{ metrics: { loss: 0.5 } }, { metrics: { loss: 0.25 } }]);
    expect((await rowOf(training)).metrics).toEqual({ loss: 0.375 });
    // A job that ends otherwise leaves the model, and its metrics, where they were.
    await cancelJob(api, training, await newJob(api, training));
    expect((await rowOf(training)).metrics).toEqual({ loss: 0.375 });
    await train(training, [{}, {}]);
    expect((await rowOf(training)).metrics).toEqual({});
  });

  it('has the job that runs and the last one that ended', async () => {
    const training = await newTraining(api, 2);
    const first = await newJob(api, training, { num_devices: 2 });
    const [device] = drawnFor(training, await getJob(api, training, first));
    const second = await newJob(api, training);
    await submitUpdate(api, training, first, device!, model(1));
    expect(await rowOf(training)).toMatchObject({
      status: 'active',
      num_jobs: 2,
      current_job: first,
      live_job: { job_id: first, sequence: 1, status: 'IN_PROGRESS', num_updates: 1, num_devices: 2, started_at: expect.any(String) },
      last_job: null,
    });
    await cancelJob(api, training, first);
    const ended = { job_id: first, sequence: 1, status: 'CANCELLED', reason: 'cancelled on request', ended_at: expect.any(String) };
    expect(await rowOf(training)).toMatchObject({ live_job: { job_id: second, sequence: 2 }, last_job: ended });
    await cancelJob(api, training, second);
    expect(await rowOf(training)).toMatchObject({ status: 'idle', live_job: null, last_job: { ...ended, job_id: second, sequence: 2 } });
  });

  it('has the hyperparameters that are asked for, as they were written, and leaves out what is none or no single value', async () => {
    const project = await newProject(api);
    const hyperparameters = '{"lr":1.0,"seed":12345678901234567890,"optimizer":{"name":"adam","betas":[0.9,0.999]},"a.b":null,"flag":false,"__x__":-0}';
    const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, body: `{"project_id":"${project}","hyperparameters":${hyperparameters}}`, headers: { 'Content-Type': 'application/json' } });
    const ask = (params: string) => send(api, 'GET', `/v1/experiment/list/${project}?params=${encodeURIComponent(params)}`, { key: api.adminKey });
    expect((await ask('seed,lr,optimizer.name,optimizer.betas.1,optimizer.betas,optimizer,a.b,flag,__x__,missing')).text).toContain(
      '"params":{"seed":12345678901234567890,"lr":1.0,"optimizer.name":"adam","optimizer.betas.1":0.999,"a.b":null,"flag":false,"__x__":-0}',
    );
    expect((await rowOf({ project, experiment: body.ID as string })).params).toEqual({});
  });

  it('takes a name with a comma in it, with a backslash before that', async () => {
    const project = await newProject(api);
    await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project, hyperparameters: { 'a,b': 1, a: 2, 'c\\d': 3 } } });
    const { body } = await send(api, 'GET', `/v1/experiment/list/${project}?params=${encodeURIComponent('a\\,b,c\\\\d')}`, { key: api.adminKey });
    expect(body.data[0].params).toEqual({ 'a,b': 1, 'c\\d': 3 });
  });

  it('says of a fork what it is a fork of', async () => {
    const training = await newTraining(api, 0);
    const { body } = await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment } });
    expect(await rowOf({ project: training.project, experiment: body.ID as string })).toMatchObject({ forked_from: training.experiment });
  });
});
