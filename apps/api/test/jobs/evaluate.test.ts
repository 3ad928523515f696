import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endOverdueJobs } from '../../src/engine/watch-jobs.js';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import { cancelJob, createJob, createSeries, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, nextJob, reportFailure, retryJob, submitEvaluation, submitUpdate, type Training } from '../support/training.js';

const kind = 'EVALUATE';
const termination_criteria = [{ type: 'DurationTerminationCriteria', max_duration_sec: 100 }];

describe.each(databases)('a job that only evaluates on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { clock });
  });
  afterEach(async () => {
    await eventually('nothing is under way', async () => (await api.ctx.db.prisma.task.count({ where: { finishedAt: null } })) === 0);
    expect(await allFaults(api)).toEqual([]);
  });
  afterAll(() => api.close());

  const read = async (path: string, query = '') => (await send(api, 'GET', `/v1/${path}${query}`, { key: api.adminKey })).body;
  const describeJob = ({ project }: Training, job: string) => read(`job/describe/${project}/${job}`);
  const of = ({ project, experiment }: Training) => `${project}/${experiment}`;
  const accuracy = (training: Training, job: string, at: number, value: number, more: Record<string, unknown> = {}) => submitEvaluation(api, training, job, training.devices[at]!, { accuracy: value }, more);
  const codeOf = async (answer: ReturnType<typeof send>) => {
    const { status, body } = await answer;
    return [status, body?.code];
  };

  it('hands out the current model, takes metrics alone, and completes once all have answered with their weighted mean; no model changes', async () => {
    const training = await newTraining(api, 2);
    const trained = await newJob(api, training);
    const [drawn] = (await getJob(api, training, trained)).devices as string[];
    await submitUpdate(api, training, trained, training.devices.find(({ id }) => id === drawn)!, model(3));
    await jobWith(api, training, trained, 'COMPLETED');
    const before = await read(`experiment/describe/${of(training)}`);
    const stored = await api.ctx.db.prisma.storedModel.count();

    const job = await newJob(api, training, { kind, num_devices: 2 });
    const { body: offer } = await nextJob(api, training, training.devices[0]!);
    expect(offer).toMatchObject({ job_id: job, kind, model: { sha256: before.current_model.sha256 } });
    expect(offer).not.toHaveProperty('training');
    expect((await accuracy(training, job, 0, 0.5, { num_examples: 300 })).status).toBe(200);
    expect(await describeJob(training, job)).toMatchObject({ kind, status: 'IN_PROGRESS', num_updates: 1, num_devices: 2, is_complete: null, aggregation_strategy: null, mean: { accuracy: 0.5 } });
    expect((await accuracy(training, job, 1, 0.9, { num_examples: 100 })).status).toBe(200);
    const completed = await jobWith(api, training, job, 'COMPLETED');

    // The documented Job has the keys that it always has, and no model is in it.
    expect(completed).not.toHaveProperty('kind');
    expect([completed.aggregate_model, completed.models]).toEqual([{}, {}]);
    expect(await describeJob(training, job)).toMatchObject({ kind, num_updates: 2, is_complete: true, mean: { accuracy: 0.6 }, num_examples: 400, aggregate_model: null });
    const [newest] = (await read(`experiment/metrics/${of(training)}`)).data;
    expect(newest).toMatchObject({ job_id: job, kind, num_devices: 2, mean: { accuracy: 0.6 }, devices: [{}, {}] });
    expect(await read(`experiment/metric_series/${of(training)}`, '?names=accuracy')).toMatchObject({ kind: ['TRAIN', kind], metrics: { accuracy: { mean: [null, 0.6], count: [0, 2] } } });
    expect((await read(`job/list/${of(training)}`)).data.map((row: { kind: string }) => row.kind)).toEqual([kind, 'TRAIN']);
    expect((await read(`job/devices/${training.project}/${job}`)).data).toMatchObject([{ state: 'submitted', update: null }, { state: 'submitted', update: null }]);
    const after = await read(`experiment/describe/${of(training)}`);
    expect([after.current_model, after.best_model, await api.ctx.db.prisma.storedModel.count()]).toEqual([before.current_model, before.best_model, stored]);
    expect((await eventsOf(api, training)).filter(({ job_id }) => job_id === job).map(({ type }) => type)).toEqual([
      'job_initialized', 'job_in_progress', 'evaluation_submitted', 'evaluation_submitted', 'job_aggregation_in_progress', 'job_completed',
    ]);
    for (const path of [`job/aggregate_model/${training.project}/${job}`, `experiment/best_model/${of(training)}`]) expect((await read(path)).code).toMatch(/job_not_complete|best_model_missing/);
    expect(await codeOf(send(api, 'POST', '/v1/experiment/rollback', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment, to: job } }))).toEqual([400, 'job_not_complete']);
  });

  it('leaves the next training to start from the same model, and is left out where trainings are compared', async () => {
    const training = await newTraining(api, 1);
    await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: training.project, experiment_id: training.experiment, keep_best: { metric: 'accuracy', mode: 'max' } } });
    const [evaluated, trained] = [await newJob(api, training, { kind }), await newJob(api, training)];
    const start = (await nextJob(api, training, training.devices[0]!)).body.model.sha256 as string;
    await accuracy(training, evaluated, 0, 0.99);
    await jobWith(api, training, evaluated, 'COMPLETED');
    expect((await nextJob(api, training, training.devices[0]!)).body).toMatchObject({ job_id: trained, kind: 'TRAIN', model: { sha256: start } });
    await submitUpdate(api, training, trained, training.devices[0]!, model(1), { metrics: { accuracy: 0.5 } });
    await jobWith(api, training, trained, 'COMPLETED');
    // The better value was of another model, measured in another way.
    expect((await read(`experiment/describe/${of(training)}`)).best_model).toMatchObject({ job_id: trained, value: 0.5 });
    const other = await newExperiment(api, training.project);
    const { experiments, names } = await read(`project/compare/${training.project}`, `?experiment_ids=${training.experiment},${other}`);
    expect([experiments[0].sequence, experiments[0].mean, names]).toEqual([[2], { accuracy: [0.5] }, ['accuracy']]);
  });

  it('takes the same answer twice as one, also when all have answered, and no other in its place', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { kind, num_devices: 2 });
    const [device] = training.devices;
    const twice = () => submitEvaluation(api, training, job, device!, { loss: 1, accuracy: 0.5 }, { num_examples: 8 });
    expect((await Promise.all([twice(), twice(), twice()])).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await submitEvaluation(api, training, job, device!, { accuracy: 0.5, loss: 1 }, { num_examples: 8 })).status).toBe(200);
    for (const other of [submitEvaluation(api, training, job, device!, { loss: 1 }, { num_examples: 8 }), submitEvaluation(api, training, job, device!, { loss: 1, accuracy: 0.5 }, { num_examples: 9 })])
      expect(await codeOf(other)).toEqual([409, 'update_already_submitted']);
    expect(await codeOf(accuracy(training, job, 1, 1))).toEqual([400, 'num_examples_mixed']);
    const json = { project_id: training.project, job_id: job, metrics: { accuracy: 1 }, num_examples: 8 };
    for (let time = 0; time < 2; time++) expect(await send(api, 'POST', '/v1/device/submit_evaluation', { key: training.devices[1]!.key, json, headers: { 'Idempotency-Key': 'once' } })).toMatchObject({ status: 200, body: {} });
    await jobWith(api, training, job, 'COMPLETED');
    expect((await twice()).status).toBe(200);
    expect(await describeJob(training, job)).toMatchObject({ num_updates: 2, mean: { accuracy: 0.75, loss: 1 } });
  });

  it('completes at its deadline with fewer if so many are enough, and says that it is not complete', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { kind, num_devices: 3, min_devices: 2, termination_criteria });
    await accuracy(training, job, 0, 0.2);
    await accuracy(training, job, 1, 0.4);
    await clock.advance(101_000);
    await endOverdueJobs(api.ctx);
    await jobWith(api, training, job, 'COMPLETED');
    expect(await codeOf(accuracy(training, job, 2, 1))).toEqual([409, 'job_closed']);
    expect(await describeJob(training, job)).toMatchObject({ is_complete: false, num_updates: 2, num_devices: 3, mean: { accuracy: expect.closeTo(0.3, 12) } });
    expect(await read(`experiment/metric_series/${of(training)}`)).toMatchObject({ kind: [kind] });
    expect((await eventsOf(api, training)).find(({ type }) => type === 'job_aggregation_in_progress')?.data).toEqual({ updates: 2 });
  });

  it('is cancelled without enough, is retried as an evaluation, and draws another device for one that can not', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { kind });
    await cancelJob(api, training, job);
    const again = (await retryJob(api, training, job)).body.ID as string;
    expect(await describeJob(training, again)).toMatchObject({ kind, retry_of: job, aggregation_strategy: null });
    const [first] = (await getJob(api, training, again)).devices as string[];
    await reportFailure(api, training, again, training.devices.find(({ id }) => id === first)!, 'it does not evaluate');
    const [second] = (await getJob(api, training, again)).devices as string[];
    expect(second).not.toBe(first);
    await reportFailure(api, training, again, training.devices.find(({ id }) => id === second)!, 'it does not evaluate');
    expect(await describeJob(training, again)).toMatchObject({ status: 'FAILED', reason: 'too few devices are left: it does not evaluate' });
    expect((await getExperiment(api, training)).is_active).toBe(false);
  });

  it('refuses what is of the other kind, and a strategy', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const job = await newJob(api, training, { kind });
    expect(await codeOf(submitUpdate(api, training, job, device!, model(1)))).toEqual([400, 'job_evaluates']);
    // Without a model it would ask for a ticket.
    expect(await codeOf(submitUpdate(api, training, job, device!, undefined))).toEqual([400, 'job_evaluates']);
    for (const metrics of [{}, { accuracy: null as unknown as number }]) expect(await codeOf(submitEvaluation(api, training, job, device!, metrics))).toEqual([400, 'invalid_request']);
    await cancelJob(api, training, job);
    const trains = await newJob(api, training);
    expect(await codeOf(accuracy(training, trains, 0, 1))).toEqual([400, 'job_trains']);
    expect(await describeJob(training, trains)).toMatchObject({ kind: 'TRAIN', num_updates: 0 });

    for (const aggregation_strategy of ['FedAvg', { type: 'FedAvg', clipping: { type: 'fixed', norm: 1 } }]) {
      const { status, body } = await createJob(api, training, { kind, aggregation_strategy });
      expect([status, body.errors.map(({ path }: { path: string }) => path)], JSON.stringify(aggregation_strategy)).toEqual([400, ['/body/aggregation_strategy']]);
    }
    expect((await createSeries(api, training, 2, { kind })).body.code).toBe('invalid_request');
  });

  it('asks for as few devices as it says, whatever the strategy of the experiment needs', async () => {
    const training = await newTraining(api, 1);
    const json = { project_id: training.project, experiment_id: training.experiment, aggregation_strategy: { type: 'Krum', num_malicious: 1 } };
    expect((await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json })).status).toBe(200);
    expect((await createJob(api, training)).body.code).toBe('strategy_needs_more_devices');
    const job = await newJob(api, training, { kind });
    await accuracy(training, job, 0, 0.5);
    await jobWith(api, training, job, 'COMPLETED');
  });
});

describe('an evaluation that is cancelled when all have answered', () => {
  it('is cancelled or completed, once, and the next job starts', async () => {
    const api = await startApi('sqlite', { LOG_LEVEL: 'silent' });
    try {
      const training = await newTraining(api, 1);
      for (let round = 0; round < 5; round++) {
        const jobs = [await newJob(api, training, { kind }), await newJob(api, training, { kind })];
        await submitEvaluation(api, training, jobs[0]!, training.devices[0]!, { accuracy: 0.5 });
        const { status } = await cancelJob(api, training, jobs[0]!);
        await jobWith(api, training, jobs[0]!, status === 200 ? 'CANCELLED' : 'COMPLETED');
        await jobWith(api, training, jobs[1]!, 'IN_PROGRESS');
        await cancelJob(api, training, jobs[1]!);
      }
      await eventually('nothing is under way', async () => (await api.ctx.db.prisma.task.count({ where: { finishedAt: null } })) === 0);
      expect(await allFaults(api)).toEqual([]);
    } finally {
      await api.close();
    }
  });
});
