import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { cancelJob, createJob, download, drawnFor, getExperiment, getJob, heartbeat, isActive, jobWith, model, newJob, newTraining, nextJob, submitUpdate } from '../support/training.js';

describe.each(databases)('the life of a job on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  it('runs: two devices take it, train and submit; the weighted mean becomes the current model', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    const [one, two] = training.devices;
    const taken = await nextJob(api, training, one!);
    expect(taken.body).toMatchObject({ job_id: job, experiment_id: training.experiment, sequence: 1, hyperparameters: {} });
    expect((await send(api, 'GET', taken.body.model_url)).text).toBe(JSON.stringify(model(0)));
    expect((await submitUpdate(api, training, job, one!, model(1), { num_examples: 1, metrics: { loss: 1 } })).status).toBe(204);
    expect(await isActive(api, training, job, one!)).toBe(false);
    expect(await isActive(api, training, job, two!)).toBe(true);
    expect((await submitUpdate(api, training, job, two!, model(5), { num_examples: 3, metrics: { loss: 3 } })).status).toBe(204);
    const done = await jobWith(api, training, job, 'COMPLETED');
    expect(done.aggregate_model).toEqual({ entity_id: job, name: `${training.project}/${training.experiment}/${job}/aggregate_model`, size: '21' });
    expect(Object.keys(done.models).sort()).toEqual([one!.id, two!.id].sort());
    expect(await download(api, `/v1/job/aggregate_model/${training.project}/${job}`, api.adminKey)).toBe('{"w":[[4,4]],"b":[4]}');
    const experiment = await getExperiment(api, training);
    expect(experiment).toMatchObject({ jobs: [job], current_job: job, is_active: false, current_model: done.aggregate_model });
    const metrics = await send(api, 'GET', `/v1/experiment/metrics/${training.project}/${training.experiment}`, { key: api.adminKey });
    expect(metrics.body.data[0].mean).toEqual({ loss: 2.5 });
  });

  it('hands over: the next job starts from what the one before it made', async () => {
    const training = await newTraining(api, 1);
    const [first, second] = [await newJob(api, training), await newJob(api, training)];
    expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
    const [device] = training.devices;
    await submitUpdate(api, training, first, device!, model(2));
    const started = await jobWith(api, training, second, 'IN_PROGRESS');
    expect(started.start_model).toEqual((await getJob(api, training, first)).aggregate_model);
    expect((await getExperiment(api, training)).current_job).toBe(second);
  });

  it('is cancelled: the next one starts from what the cancelled one started from', async () => {
    const training = await newTraining(api, 1);
    const [first, second] = [await newJob(api, training), await newJob(api, training)];
    expect((await cancelJob(api, training, first)).body).toEqual({});
    const started = await jobWith(api, training, second, 'IN_PROGRESS');
    expect(started.start_model.name).toBe(`${training.project}/${training.experiment}/start_model`);
    expect((await cancelJob(api, training, first)).status).toBe(200);
    expect((await getJob(api, training, second)).status).toBe('IN_PROGRESS');
  });

  it('refuses a job without a start model, and one that asks for more devices than there are', async () => {
    const training = await newTraining(api, 1);
    expect((await createJob(api, training, { num_devices: 1, num_buffer_devices: 1 })).body.code).toBe('not_enough_devices');
  });

  it('tells a buffer device that comes too late', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 1, num_buffer_devices: 1 });
    const [quick, late] = drawnFor(training, await getJob(api, training, job));
    await nextJob(api, training, late!);
    await submitUpdate(api, training, job, quick!, model(1));
    expect((await submitUpdate(api, training, job, late!, model(2))).body.code).toBe('job_closed');
    expect((await heartbeat(api, training, job, late!)).body).toEqual({ is_device_active: false, lease: null });
    expect((await nextJob(api, training, late!)).status).toBe(204);
  });
});
