import { eventually, seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { withAggregator } from '../support/aggregators.js';
import { cancelJob, drawnFor, getJob, jobWith, model, newJob, newTraining, retryJob, submitUpdate, type Training } from '../support/training.js';

describe.each(databases)('job/list and job/describe on %s', (database) => {
  let api: TestApi;
  let failure: Error | undefined;
  beforeAll(async () => {
    api = await startApi(database, {}, {
      change: withAggregator(async (real, ...args) => {
        if (failure) throw failure;
        return real.aggregate(...args);
      }),
    });
  });
  afterAll(() => api.close());

  const describeJob = ({ project }: Pick<Training, 'project'>, job: string) => send(api, 'GET', `/v1/job/describe/${project}/${job}`, { key: api.adminKey });
  const list = ({ project, experiment }: Training, query = '') => send(api, 'GET', `/v1/job/list/${project}/${experiment}?${query}`, { key: api.adminKey });

  it('tell of a job from its creation to its end', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 2, num_buffer_devices: 1, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 3600 }], device_timeout_sec: 30 });
    const { body: begun } = await describeJob(training, job);
    expect(begun).toEqual({
      job_id: job, experiment_id: training.experiment, sequence: 1, kind: 'TRAIN', status: 'IN_PROGRESS', reason: null, num_devices: 2, num_buffer_devices: 1, num_updates: 0, device_timeout_sec: 30, waiting_for: expect.any(String),
      device_counts: { drawn: 3, training: 0, uploading: 0, submitted: 0, late: 0, failed: 0, replaced: 0, unused: 0 },
      retry_of: null, created_at: expect.any(String), started_at: expect.any(String), deadline_at: expect.any(String), aggregation_started_at: null, ended_at: null,
      device_selection_strategy: 'RANDOM', min_devices: null, is_complete: null, device_ids: null, device_labels: null, aggregation_strategy: { type: 'FedAvg', weighting: 'examples' }, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 3600 }], created_by: expect.stringMatching(/^[0-9a-f]{32}$/), duration_sec: expect.any(Number),
      mean: {}, num_examples: null, start_model: expect.objectContaining({ format: 'json' }), aggregate_model: null, aggregation: null,
    });
    expect(Date.parse(begun.deadline_at as string) - Date.parse(begun.started_at as string)).toBeCloseTo(3_600_000, -3);
    const [first, second] = drawnFor(training, await getJob(api, training, job));
    await submitUpdate(api, training, job, first!, model(1), { num_examples: 1, metrics: { loss: 1 } });
    expect((await describeJob(training, job)).body).toMatchObject({ num_updates: 1, mean: { loss: 1 }, num_examples: 1 });
    await submitUpdate(api, training, job, second!, model(2), { num_examples: 3, metrics: { loss: 5 } });
    await jobWith(api, training, job, 'COMPLETED');
    const { body: ended } = await describeJob(training, job);
    expect(ended).toMatchObject({ status: 'COMPLETED', mean: { loss: 4 }, num_examples: 4, aggregate_model: { parent_sha256: begun.start_model.sha256 }, aggregation: { attempts: 1, last_error: null }, device_counts: { submitted: 2, unused: 1 } });
    expect(Date.parse(ended.aggregation_started_at as string)).toBeGreaterThanOrEqual(Date.parse(ended.started_at as string));
    expect(Date.parse(ended.ended_at as string)).toBeGreaterThanOrEqual(Date.parse(ended.aggregation_started_at as string));
    const { body } = await list(training);
    const { experiment_id: _e, device_selection_strategy: _s, min_devices: _md, is_complete: _ic, device_ids: _di, device_labels: _dl, aggregation_strategy: _as, termination_criteria: _t, created_by: _c, duration_sec: _d, mean: _m, num_examples: _n, start_model: _sm, aggregate_model: _am, aggregation: _a, ...row } = ended;
    expect(body).toEqual({ data: [row], next_cursor: null });
  });

  it('say which job one repeats, and who asked for it', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    await cancelJob(api, training, job);
    const retried = (await retryJob(api, training, job)).body.ID as string;
    expect((await list(training)).body.data).toMatchObject([{ job_id: retried, retry_of: job }, { job_id: job, retry_of: null, device_counts: { unused: 1 } }]);
    expect((await describeJob(training, retried)).body.created_by).toBe((await describeJob(training, job)).body.created_by);
    await cancelJob(api, training, retried);
  });

  it('give means that a straightforward computation gives, of jobs that run, have ended, or ended before that was kept', async () => {
    const random = seededRandom(testSeed(`job/describe on ${database}`));
    const training = await newTraining(api, 5);
    for (let round = 0; round < 4; round++) {
      const weighted = round % 2 === 0;
      const job = await newJob(api, training, { num_devices: 5 });
      const devices = drawnFor(training, await getJob(api, training, job));
      const reports = devices.map(() => ({ weight: weighted ? 1 + Math.floor(random() * 50) : 1, metrics: Object.fromEntries(['a', 'b', 'c'].filter(() => random() < 0.7).map((name) => [name, random() * 10 - 5])) }));
      const expected = (of: typeof reports) =>
        Object.fromEntries(
          ['a', 'b', 'c'].flatMap((name) => {
            const having = of.filter(({ metrics }) => name in metrics);
            const total = having.reduce((sum, { weight }) => sum + weight, 0);
            return having.length === 0 ? [] : [[name, expect.closeTo(having.reduce((sum, { weight, metrics }) => sum + weight * metrics[name]!, 0) / total, 9)]];
          }),
        );
      for (const [at, device] of devices.entries()) {
        const { weight, metrics } = reports[at]!;
        await submitUpdate(api, training, job, device, model(at), { metrics, ...(weighted && { num_examples: weight }) });
        if (at < 4) expect((await describeJob(training, job)).body.mean).toEqual(expected(reports.slice(0, at + 1)));
      }
      await jobWith(api, training, job, 'COMPLETED');
      const ended = { mean: expected(reports), num_examples: weighted ? reports.reduce((sum, { weight }) => sum + weight, 0) : null };
      expect((await describeJob(training, job)).body).toMatchObject(ended);
      await api.ctx.db.prisma.job.update({ where: { id: job }, data: { summary: null } });
      expect((await describeJob(training, job)).body).toMatchObject(ended);
    }
  });

  it('say how often an aggregation was tried and why it failed, without what only the log may tell', async () => {
    const training = await newTraining(api, 1);
    failure = new Error('cannot read /secret/place/of/a/file');
    const job = await newJob(api, training);
    await submitUpdate(api, training, job, training.devices[0]!, model(1));
    const told = await eventually('the first attempt has failed', async () => {
      const { body } = await describeJob(training, job);
      return body.aggregation?.last_error ? body : false;
    });
    expect(told.status).toBe('AGGREGATION_IN_PROGRESS');
    expect(told.aggregation).toEqual({ attempts: expect.any(Number), last_error: "It failed; the server's log tells why." });
    failure = undefined;
    await jobWith(api, training, job, 'COMPLETED', 30_000);
    expect((await describeJob(training, job)).body.aggregation.attempts).toBeGreaterThan(1);
  });

  it('have pages of up to a thousand', async () => {
    const training = await newTraining(api, 1);
    const { prisma } = api.ctx.db;
    const now = new Date();
    await prisma.job.createMany({
      data: Array.from({ length: 1200 }, (_, at) => ({
        id: api.ctx.newId(), projectId: training.project, experimentId: training.experiment, sequence: at + 1, status: 'CANCELLED' as const, version: 1, numDevices: 1 + (at % 500) * 100, numBufferDevices: 0,
        deviceSelectionStrategy: 'RANDOM', terminationCriteria: '[]', updatesReceived: 0, billableSize: 0n, reason: 'by a test', createdAt: now, endedAt: now,
      })),
    });
    const { body: first } = await list(training, 'limit=1000');
    expect(first.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual(Array.from({ length: 1000 }, (_, at) => 1200 - at));
    const { body: second } = await list(training, `limit=1000&cursor=${first.next_cursor}`);
    expect(second.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual(Array.from({ length: 200 }, (_, at) => 200 - at));
    expect(second.next_cursor).toBeNull();
  });

  it('404 for a job of another project, or of none', async () => {
    const [one, other] = [await newTraining(api, 1), await newTraining(api, 1)];
    const job = await newJob(api, one);
    for (const id of [job, 'f'.repeat(32)]) expect((await describeJob(other, id)).body.code).toBe('job_not_found');
    await cancelJob(api, one, job);
  });
});
