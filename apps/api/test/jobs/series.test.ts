import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { sha256 } from '../support/models.js';
import { expectProblem } from '../support/uploads.js';
import { aggregateOf, cancelJob, createJob, download, drawnFor, getExperiment, getJob, jobWith, model, newJob, newTraining, retryJob, submitUpdate, type Training } from '../support/training.js';

describe.each(databases)('a series of jobs on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  const get = (what: string, { project, experiment }: Training, query = '') => send(api, 'GET', `/v1/${what}/${project}/${experiment}${query}`, { key: api.adminKey });
  const fork = ({ project, experiment }: Training, more: Record<string, unknown> = {}) =>
    send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, ...more } });
  const blobs = ({ project }: Training) => readdir(path.join(api.dataDir, 'blobs', 'models', project)).catch(() => []);

  async function trained(value: number, training: Training, more: Record<string, unknown> = {}) {
    const job = await newJob(api, training);
    const [device] = drawnFor(training, await getJob(api, training, job));
    await submitUpdate(api, training, job, device!, model(value), more);
    await jobWith(api, training, job, 'COMPLETED');
    return job;
  }

  describe('job/create', () => {
    it('answers the documented Job, key for key', async () => {
      const training = await newTraining(api, 2);
      const { body } = await createJob(api, training, { num_buffer_devices: 1, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 90.5 }] });
      expect(body).toEqual({
        ID: expect.stringMatching(/^[0-9a-f]{32}$/),
        status: 'IN_PROGRESS',
        devices: expect.arrayContaining(training.devices.map(({ id }) => id)),
        aggregate_model: {},
        start_model: { entity_id: training.experiment, name: `${training.project}/${training.experiment}/start_model`, size: String(JSON.stringify(model(0)).length) },
        configuration: {
          num_devices: '1',
          num_buffer_devices: '1',
          device_selection_strategy: 'RANDOM',
          termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: '90.5', start_epoch_time: expect.stringMatching(/^\d+(\.\d+)?$/) }],
        },
        models: {},
        created_on: expect.stringMatching(/^\d+(\.\d+)?$/),
        billable_size: String(JSON.stringify(model(0)).length),
        project_id: training.project,
        experiment_id: training.experiment,
      });
      expect(await getJob(api, training, body.ID)).toEqual(body);
    });

    it('with one Idempotency-Key creates one job, and gives the same answer byte for byte, also to many who ask at once', async () => {
      const training = await newTraining(api, 1);
      const create = (idempotencyKey: string, more = {}) =>
        send(api, 'POST', '/v1/job/create', {
          key: api.adminKey,
          json: { project_id: training.project, experiment_id: training.experiment, num_devices: 1, ...more },
          headers: { 'Idempotency-Key': idempotencyKey },
        });
      const key = `create-${training.experiment}`;
      const replies = await Promise.all(Array.from({ length: 8 }, () => create(key)));
      const created = replies.filter(({ status }) => status === 200);
      expect(created.length).toBeGreaterThan(0);
      for (const { status, body } of replies) if (status !== 200) expect([status, body.code]).toEqual([409, 'idempotency_in_progress']);
      const again = await create(key);
      expect(new Set([...created, again].map(({ text }) => text)).size).toBe(1);
      expect((await getExperiment(api, training)).jobs).toEqual([again.body.ID]);
      expectProblem(await create(key, { num_buffer_devices: 0 }), 422, 'idempotency_key_reused');
      expect((await create(`${key}-other`)).body.ID).not.toBe(again.body.ID);
    });

    it('needs a start model, and read-write rights', async () => {
      const training = await newTraining(api, 1);
      const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project } });
      expectProblem(await createJob(api, { ...training, experiment: body.ID }), 400, 'start_model_missing');
      const reader = await newUser(api);
      await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: training.project, user_id: reader.userId, permission_level: 1 } });
      const refused = await send(api, 'POST', '/v1/job/create', { key: reader.key, json: { project_id: training.project, experiment_id: training.experiment, num_devices: 1 } });
      expectProblem(refused, 403, 'permission_denied');
    });
  });

  describe('job/list', () => {
    it('lists the newest first, a page at a time, and each once though jobs are added meanwhile', async () => {
      const training = await newTraining(api, 1);
      const jobs: string[] = [];
      for (let n = 0; n < 5; n++) jobs.push(await newJob(api, training));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const { body } = await get('job/list', training, `?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
        expect(body.data.length).toBeLessThanOrEqual(2);
        seen.push(...body.data.map(({ job_id }: { job_id: string }) => job_id));
        cursor = body.next_cursor;
        await newJob(api, training);
      } while (cursor);
      expect(seen).toEqual([...jobs].reverse());
    });

    it('filters by status', async () => {
      const training = await newTraining(api, 1);
      const done = await trained(1, training);
      const [running, queued, cancelled] = [await newJob(api, training), await newJob(api, training), await newJob(api, training)];
      await cancelJob(api, training, cancelled);
      const ids = async (status: string) => (await get('job/list', training, `?status=${status}`)).body.data.map(({ job_id }: { job_id: string }) => job_id);
      expect(await ids('COMPLETED')).toEqual([done]);
      expect(await ids('IN_PROGRESS')).toEqual([running]);
      expect(await ids('INITIALIZED')).toEqual([queued]);
      expect(await ids('CANCELLED')).toEqual([cancelled]);
      expect(await ids('FAILED')).toEqual([]);
      const { body } = await get('job/list', training, '?limit=200');
      expect(body.data.find(({ job_id }: { job_id: string }) => job_id === cancelled)).toMatchObject({ sequence: 4, reason: 'cancelled on request', started_at: null, ended_at: expect.any(String) });
      expect(body.data.find(({ job_id }: { job_id: string }) => job_id === done)).toMatchObject({ sequence: 1, reason: null, num_devices: 1, num_updates: 1, started_at: expect.any(String) });
    });

    it.each(['cursor=x', 'cursor=-1', 'limit=0', 'limit=1001', 'status=DONE'])('refuses ?%s', async (query) => {
      expect((await get('job/list', await newTraining(api, 1), `?${query}`)).status).toBe(400);
    });
  });

  describe('a fork', () => {
    it.each(['start', 'current', 'job'])('from %s starts from the very bytes, shares them on the disk, and trains on its own', async (from) => {
      const training = await newTraining(api, 1);
      const job = await trained(1, training);
      await trained(2, training);
      const before = await blobs(training);
      const { body } = await fork(training, { from: from === 'job' ? job : from, experiment_name: 'A fork', hyperparameters: { learning_rate: 1 } });
      expect(await blobs(training)).toEqual(before);
      const forked = { ...training, experiment: body.ID as string };
      const expected = JSON.stringify(model({ start: 0, current: 2, job: 1 }[from]!));
      expect(await download(api, `/v1/experiment/start_model/${forked.project}/${forked.experiment}`, api.adminKey)).toBe(expected);
      expect(body).toEqual({
        ID: forked.experiment,
        jobs: [],
        hyperparameters: { learning_rate: 1 },
        current_job: 'NONE',
        start_model: { entity_id: forked.experiment, name: `${forked.project}/${forked.experiment}/start_model`, size: String(expected.length) },
        current_model: { entity_id: forked.experiment, name: `${forked.project}/${forked.experiment}/start_model`, size: String(expected.length) },
        is_active: false,
      });
      expect(await getExperiment(api, forked)).toEqual(body);
      const original = await getExperiment(api, training);
      await trained(9, forked);
      expect(await getExperiment(api, training)).toEqual(original);
      const described = (await get('experiment/describe', forked)).body;
      expect(described).toMatchObject({ name: 'A fork', forked_from: training.experiment, start_model: { sha256: sha256(expected), parent_sha256: sha256(expected) } });
      const [first] = (await get('experiment/events', forked)).body.data;
      expect(first).toMatchObject({ sequence: 1, type: 'experiment_forked', data: { from_experiment: training.experiment, sha256: sha256(expected) } });
    });

    it('holds its updates to the layout of the model it started from, and takes the hyperparameters over', async () => {
      const training = await newTraining(api, 1);
      await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment, hyperparameters: { epochs: 3 } } });
      const { body } = await fork(training);
      expect(body.hyperparameters).toEqual({ epochs: 3 });
      const forked = { ...training, experiment: body.ID as string };
      const job = await newJob(api, forked);
      expectProblem(await submitUpdate(api, forked, job, training.devices[0]!, { w: [1] }), 422, 'invalid_model');
      expect((await submitUpdate(api, forked, job, training.devices[0]!, model(1))).status).toBe(204);
      await jobWith(api, forked, job, 'COMPLETED');
      // A fork of the fork.
      const again = await fork(forked, { from: job });
      expect(await download(api, `/v1/experiment/start_model/${forked.project}/${again.body.ID}`, api.adminKey)).toBe(JSON.stringify(model(1)));
    });

    it('is refused from a model that is not there', async () => {
      const training = await newTraining(api, 1);
      const job = await newJob(api, training);
      expectProblem(await fork(training, { from: job }), 400, 'job_not_complete');
      expectProblem(await fork(training, { from: 'f'.repeat(32) }), 404, 'job_not_found');
      expectProblem(await fork(training, { from: 'best' }), 400, 'best_model_missing');
      expectProblem(await fork(training, { from: 'worst' }), 400, 'invalid_request');
      const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: training.project } });
      expectProblem(await fork({ ...training, experiment: body.ID }), 400, 'start_model_missing');
      expectProblem(await fork({ ...training, experiment: body.ID }, { from: job }), 400, 'start_model_missing');
    });

    it('and its parent go with their project: rows, bytes and keys, also while jobs run', async () => {
      const training = await newTraining(api, 1);
      await trained(1, training);
      const { body } = await fork(training);
      const forked = { ...training, experiment: body.ID as string };
      await newJob(api, forked);
      await newJob(api, training);
      expect((await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: training.project } })).body).toEqual({});
      const { prisma } = api.ctx.db;
      const where = { projectId: training.project };
      expect([await prisma.job.count({ where }), await prisma.storedModel.count({ where }), await prisma.experiment.count({ where }), await prisma.device.count({ where })]).toEqual([0, 0, 0, 0]);
      expect(await blobs(training)).toEqual([]);
      expect((await send(api, 'GET', `/v1/device/next_job/${training.project}`, { key: training.devices[0]!.key })).status).toBe(401);
    });
  });

  describe('job/retry', () => {
    it('is a new job, last in line, with the configuration of the old one, and says what it repeats', async () => {
      const training = await newTraining(api, 2);
      const first = await newJob(api, training, { num_devices: 1, num_buffer_devices: 1, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 3600 }] });
      const second = await newJob(api, training);
      await cancelJob(api, training, first);
      const { body } = await retryJob(api, training, first);
      const old = await getJob(api, training, first);
      expect(body.status).toBe('INITIALIZED');
      expect({ ...body.configuration, termination_criteria: [{ ...body.configuration.termination_criteria[0], start_epoch_time: '' }] }).toEqual({
        ...old.configuration,
        termination_criteria: [{ ...old.configuration.termination_criteria[0], start_epoch_time: '' }],
      });
      expect((await getExperiment(api, training)).jobs).toEqual([first, second, body.ID]);
      const created = (await get('experiment/events', training)).body.data.find(({ type, job_id }: { type: string; job_id: string }) => type === 'job_initialized' && job_id === body.ID);
      expect(created.data).toEqual({ sequence: 3, retry_of: first });
      await cancelJob(api, training, second);
      expect((await getJob(api, training, body.ID)).status).toBe('IN_PROGRESS');
    });
  });

  describe('metrics and description', () => {
    it('give what each device reported, and the mean weighted by num_examples, newest job first, a page at a time', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      const [one, two] = training.devices;
      await submitUpdate(api, training, job, one!, model(1), { num_examples: 10, metrics: { loss: 1, accuracy: 0.5 } });
      await submitUpdate(api, training, job, two!, model(2), { num_examples: 30, metrics: { loss: 2, ['__proto__x']: 7 } });
      await jobWith(api, training, job, 'COMPLETED');
      const later = await newJob(api, training);
      const { body } = await get('experiment/metrics', training);
      expect(body.data.map(({ job_id }: { job_id: string }) => job_id)).toEqual([later, job]);
      expect(body.data[0]).toMatchObject({ status: 'IN_PROGRESS', devices: [], mean: {} });
      const reports = [
        { device_id: one!.id, num_examples: 10, metrics: { loss: 1, accuracy: 0.5 } },
        { device_id: two!.id, num_examples: 30, metrics: { loss: 2, ['__proto__x']: 7 } },
      ].sort((a, b) => (a.device_id < b.device_id ? -1 : 1));
      expect(body.data[1]).toEqual({ job_id: job, sequence: 1, kind: 'TRAIN', status: 'COMPLETED', num_devices: 2, devices: reports, mean: { loss: 1.75, accuracy: 0.5, ['__proto__x']: 7 }, reports: [] });
      const paged = await get('experiment/metrics', training, '?limit=1');
      expect(paged.body.next_cursor).not.toBeNull();
      expect((await get('experiment/metrics', training, `?limit=1&cursor=${paged.body.next_cursor}`)).body).toMatchObject({ data: [{ job_id: job }], next_cursor: null });
    });

    it('answer whatever finite numbers devices have reported', async () => {
      const training = await newTraining(api, 1);
      await trained(1, training, { num_examples: 1e10, metrics: { huge: 1e308, tiny: 5e-324 } });
      const { status, body } = await get('experiment/metrics', training);
      expect(status).toBe(200);
      expect(body.data[0].mean.huge / 1e308).toBeCloseTo(1, 9);
    });

    it('describe every job: devices with their states, models with digests and parents, durations, why one ended', async () => {
      const training = await newTraining(api, 3);
      const done = await newJob(api, training, { num_devices: 1, num_buffer_devices: 1 });
      const [quick, late] = (await getJob(api, training, done)).devices as [string, string];
      const device = training.devices.find(({ id }) => id === quick)!;
      await submitUpdate(api, training, done, device, model(3), { num_examples: 4, metrics: { loss: 0.25 } });
      await jobWith(api, training, done, 'COMPLETED');
      const cancelled = await newJob(api, training);
      const running = await newJob(api, training);
      await cancelJob(api, training, cancelled);
      const { body } = await get('experiment/describe', training);
      const [start, end] = [JSON.stringify(model(0)), JSON.stringify(model(3))];
      expect(body).toMatchObject({ status: 'active', current_job: running, num_jobs: 3, start_model: { sha256: sha256(start), parent_sha256: null, format: 'json' }, current_model: { sha256: sha256(end), parent_sha256: sha256(start) } });
      const [third, second, first] = body.jobs.data;
      expect(first).toMatchObject({
        job_id: done,
        status: 'COMPLETED',
        reason: null,
        num_devices: 1,
        num_updates: 1,
        devices: [
          { device_id: quick, state: 'submitted', num_examples: 4, metrics: { loss: 0.25 }, submitted_at: expect.any(String) },
          { device_id: late, state: 'drawn', num_examples: null, metrics: {}, submitted_at: null },
        ],
        start_model: { sha256: sha256(start), size: start.length },
        aggregate_model: { sha256: sha256(end), size: end.length, parent_sha256: sha256(start) },
      });
      expect(first.duration_sec).toBeCloseTo((Date.parse(first.ended_at) - Date.parse(first.started_at)) / 1000, 3);
      expect(second).toMatchObject({ status: 'CANCELLED', reason: 'cancelled on request', aggregate_model: null, start_model: { sha256: sha256(end) } });
      expect(third).toMatchObject({ job_id: running, status: 'IN_PROGRESS', ended_at: null });
      expect(third.duration_sec).toBeGreaterThanOrEqual(0);
      const page = await get('experiment/describe', training, '?limit=2');
      expect(page.body.jobs.data).toHaveLength(2);
      expect((await get('experiment/describe', training, `?limit=2&cursor=${page.body.jobs.next_cursor}`)).body.jobs).toMatchObject({ data: [{ job_id: done }], next_cursor: null });
    });

    it('keep billable_size as it was when the job ended', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      for (const [n, device] of training.devices.entries()) await submitUpdate(api, training, job, device, model(n + 0.5));
      const done = await jobWith(api, training, job, 'COMPLETED');
      const sizes = [JSON.stringify(model(0)), JSON.stringify(model(0.5)), JSON.stringify(model(1.5)), (await aggregateOf(api, training, job)).toString()];
      expect(done.billable_size).toBe(String(sizes.reduce((sum, text) => sum + text.length, 0)));
      await trained(7, training);
      expect((await getJob(api, training, job)).billable_size).toBe(done.billable_size);
    });
  });
});
