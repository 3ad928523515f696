import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { cancelJob, createSeries, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, nextJob, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('job/create_series on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const rowsOf = ({ experiment }: Training) => api.ctx.db.prisma.job.findMany({ where: { experimentId: experiment }, orderBy: { sequence: 'asc' } });

  it('adds jobs in their order; the first starts, and each draws devices of its own', async () => {
    const training = await newTraining(api, 40);
    const { status, body } = await createSeries(api, training, 12, { num_devices: 2, num_buffer_devices: 1, device_timeout_sec: 90, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 90.5 }] });
    expect(status).toBe(200);
    expect(body).toEqual({ series_id: expect.stringMatching(/^[0-9a-f]{32}$/), job_ids: expect.any(Array) });
    const rows = await rowsOf(training);
    expect(rows.map(({ id }) => id)).toEqual(body.job_ids);
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect(rows.map(({ status: each }) => each)).toEqual(['IN_PROGRESS', ...Array.from({ length: 11 }, () => 'INITIALIZED')]);
    for (const row of rows)
      expect(row).toMatchObject({ numDevices: 2, numBufferDevices: 1, deviceTimeoutSec: 90, terminationCriteria: '[{"type":"DurationTerminationCriteria","max_duration_sec":90.5}]', retryOfId: null });
    const drawn = await Promise.all(rows.map(async ({ id }) => (await getJob(api, training, id)).devices as string[]));
    for (const devices of drawn) expect(new Set(devices).size).toBe(3);
    // Three of forty, twelve times: that all are the same happens to nobody.
    expect(new Set(drawn.map((devices) => devices.join())).size).toBeGreaterThan(1);
    expect(await getExperiment(api, training)).toMatchObject({ jobs: body.job_ids, current_job: body.job_ids[0], is_active: true });
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'job_initialized').map(({ job_id, data }) => [job_id, data])).toEqual(
      body.job_ids.map((id: string, n: number) => [id, { sequence: n + 1, retry_of: null, series_id: body.series_id }]),
    );
  });

  it('runs them one after another, each from the model of the one before, and wakes who waits', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const waiting = nextJob(api, training, device!, 20);
    const { body } = await createSeries(api, training, 3);
    expect((await waiting).body).toMatchObject({ job_id: body.job_ids[0] });
    for (const [n, job] of (body.job_ids as string[]).entries()) {
      await jobWith(api, training, job, 'IN_PROGRESS');
      await submitUpdate(api, training, job, device!, model(n + 1));
      await jobWith(api, training, job, 'COMPLETED');
    }
    expect((await rowsOf(training)).slice(1).map(({ startModelId }) => startModelId)).toEqual((await rowsOf(training)).slice(0, -1).map(({ aggregateModelId }) => aggregateModelId));
    expect((await getExperiment(api, training)).is_active).toBe(false);
  });

  it('lines up behind what is there', async () => {
    const training = await newTraining(api, 1);
    const first = await newJob(api, training);
    const { body } = await createSeries(api, training, 2);
    expect((await rowsOf(training)).map(({ status }) => status)).toEqual(['IN_PROGRESS', 'INITIALIZED', 'INITIALIZED']);
    await cancelJob(api, training, first);
    expect((await getJob(api, training, body.job_ids[0])).status).toBe('IN_PROGRESS');
  });

  it('creates all of them or none', async () => {
    const training = await newTraining(api, 2);
    const before = await eventsOf(api, training);
    expectProblem(await createSeries(api, training, 5, { num_devices: 2, num_buffer_devices: 1 }), 400, 'not_enough_devices');
    expectProblem(await createSeries(api, training, 101), 400, 'invalid_request');
    const tooMany = await createSeries(api, training, 3, { num_devices: 100_000 });
    expectProblem(tooMany, 400, 'invalid_request');
    expect(tooMany.body.errors).toEqual([{ path: '/body/count', message: expect.stringContaining('200,000 devices') }]);
    const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project } });
    expectProblem(await createSeries(api, { ...training, experiment: body.ID }, 2), 400, 'start_model_missing');
    expectProblem(await createSeries(api, { ...training, experiment: 'f'.repeat(32) }, 2), 404, 'experiment_not_found');
    expect(await eventsOf(api, training)).toEqual(before);
    expect(await rowsOf(training)).toEqual([]);
    expect((await getExperiment(api, training)).is_active).toBe(false);
  });

  it('with one Idempotency-Key creates one series, also for many who ask at once', async () => {
    const training = await newTraining(api, 1);
    const ask = (more = {}) => createSeries(api, training, 4, more, { 'Idempotency-Key': `series-${training.experiment}` });
    const replies = await Promise.all(Array.from({ length: 6 }, () => ask()));
    const created = replies.filter(({ status }) => status === 200);
    expect(created.length).toBeGreaterThan(0);
    for (const { status, body } of replies) if (status !== 200) expect([status, body.code]).toEqual([409, 'idempotency_in_progress']);
    const again = await ask();
    expect(new Set([...created, again].map(({ text }) => text)).size).toBe(1);
    expect((await getExperiment(api, training)).jobs).toEqual(again.body.job_ids);
    expectProblem(await ask({ num_buffer_devices: 0 }), 422, 'idempotency_key_reused');
  });

  it('leaves the numbers without gaps when several series and jobs are created at once', async () => {
    const training = await newTraining(api, 3);
    const replies = await Promise.all([createSeries(api, training, 7), newJob(api, training), createSeries(api, training, 5), createSeries(api, training, 3)]);
    const series = replies.filter((reply) => typeof reply !== 'string').map(({ body }) => body.job_ids as string[]);
    const rows = await rowsOf(training);
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
    expect(rows.filter(({ status }) => status === 'IN_PROGRESS')).toHaveLength(1);
    // Those of one series stand side by side.
    const order = rows.map(({ id }) => id);
    for (const ids of series) expect(order.slice(order.indexOf(ids[0]!)).slice(0, ids.length)).toEqual(ids);
  });
});
