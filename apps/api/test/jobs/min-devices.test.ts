import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endOverdueJobs } from '../../src/engine/watch-jobs.js';
import { Gate } from '../support/aggregators.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import { aggregateOf, createJob, createSeries, deleteDevice, eventsOf, getJob, jobWith, model, newJob, newTraining, nextJob, reportFailure, retryJob, submitUpdate, type Training } from '../support/training.js';

const termination_criteria = [{ type: 'DurationTerminationCriteria', max_duration_sec: 100 }];

describe.each(databases)('a job for which fewer updates are enough on %s', (database) => {
  let api: TestApi;
  const gate = new Gate();
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { clock, change: (ctx) => gate.before(ctx) });
  });
  afterEach(async () => {
    gate.open();
    await eventually('nothing is under way', async () => (await api.ctx.db.prisma.task.count({ where: { finishedAt: null } })) === 0);
    expect(await allFaults(api)).toEqual([]);
  });
  afterAll(() => api.close());

  const describeJob = async ({ project }: Training, job: string) => (await send(api, 'GET', `/v1/job/describe/${project}/${job}`, { key: api.adminKey })).body;
  const submit = async (training: Training, job: string, ...values: number[]) => {
    for (const [at, value] of values.entries()) expect((await submitUpdate(api, training, job, training.devices[at]!, model(value))).status).toBe(204);
  };
  const overdue = async () => {
    await clock.advance(101_000);
    await endOverdueJobs(api.ctx);
  };
  const frozen = async (training: Training) => (await eventsOf(api, training)).filter(({ type }) => type === 'job_aggregation_in_progress').map(({ data }) => data);

  it('goes on at the deadline with exactly those that have come; a device that is late hears that it is closed', async () => {
    const training = await newTraining(api, 4);
    const job = await newJob(api, training, { num_devices: 4, min_devices: 2, termination_criteria });
    await submit(training, job, 1, 3);
    await nextJob(api, training, training.devices[2]!);
    expect(await describeJob(training, job)).toMatchObject({ min_devices: 2, num_updates: 2, status: 'IN_PROGRESS' });
    gate.shut();
    await overdue();
    expect((await submitUpdate(api, training, job, training.devices[2]!, model(9))).body.code).toBe('job_closed');
    // Its deadline was one for waiting: nothing cancels what is being aggregated.
    await endOverdueJobs(api.ctx);
    gate.open();
    await jobWith(api, training, job, 'COMPLETED');
    expect(JSON.parse((await aggregateOf(api, training, job)).toString())).toEqual(model(2));
    expect(await frozen(training)).toEqual([{ updates: 2 }]);
    expect(await describeJob(training, job)).toMatchObject({ min_devices: 2, num_updates: 2 });
  });

  it('is cancelled at the deadline with fewer, and its retry and the jobs of a series keep the number', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 3, min_devices: 2, termination_criteria });
    await submit(training, job, 1);
    await overdue();
    expect((await getJob(api, training, job)).status).toBe('CANCELLED');
    const again = (await retryJob(api, training, job)).body.ID as string;
    await submit(training, again, 1, 2);
    const { body } = await createSeries(api, training, 2, { num_devices: 3, min_devices: 1, termination_criteria });
    for (const [id, min_devices] of [[again, 2], [body.job_ids[1], 1]]) expect(await describeJob(training, id as string)).toMatchObject({ min_devices });
    await overdue();
    await jobWith(api, training, again, 'COMPLETED');
  });

  it('takes all that come in time, and then says no number', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2, min_devices: 1, termination_criteria });
    gate.shut();
    await submit(training, job, 1, 3);
    await overdue();
    gate.open();
    await jobWith(api, training, job, 'COMPLETED');
    expect(JSON.parse((await aggregateOf(api, training, job)).toString())).toEqual(model(2));
    expect(await frozen(training)).toEqual([{}]);
  });

  it('goes on before the deadline when no device is left that could come, and fails when the number is out of reach', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 3, min_devices: 1, termination_criteria });
    await submit(training, job, 1);
    await reportFailure(api, training, job, training.devices[1]!);
    expect((await getJob(api, training, job)).status).toBe('IN_PROGRESS');
    await deleteDevice(api, training, training.devices[2]!);
    await jobWith(api, training, job, 'COMPLETED');
    expect(await frozen(training)).toEqual([{ updates: 1 }]);

    const few = await newTraining(api, 3);
    const failing = await newJob(api, few, { num_devices: 3, min_devices: 2, termination_criteria });
    await reportFailure(api, few, failing, few.devices[0]!);
    expect((await getJob(api, few, failing)).status).toBe('IN_PROGRESS');
    await reportFailure(api, few, failing, few.devices[1]!);
    expect((await getJob(api, few, failing)).status).toBe('FAILED');
  });

  it('closes once when the last update and the deadline meet: the update counts, or it is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2, min_devices: 1, termination_criteria });
      await submit(training, job, 1);
      await clock.advance(101_000);
      const last = submitUpdate(api, training, job, training.devices[1]!, model(3));
      // One of the two by itself at times, so that each of them is seen to win.
      if (round % 3 === 0) await last;
      const [{ status }] = await Promise.all([last, endOverdueJobs(api.ctx), endOverdueJobs(api.ctx)]);
      await jobWith(api, training, job, 'COMPLETED');
      expect(await frozen(training)).toEqual([status === 204 ? {} : { updates: 1 }]);
      expect(JSON.parse((await aggregateOf(api, training, job)).toString())).toEqual(model(status === 204 ? 2 : 1));
    }
  });

  it('is refused with where it is wrong: without a deadline, above num_devices, and where a strategy needs more', async () => {
    const training = await newTraining(api, 5);
    for (const wrong of [{ min_devices: 1 }, { min_devices: 6, termination_criteria }, { min_devices: 0, termination_criteria }]) {
      const { status, body } = await createJob(api, training, { num_devices: 5, ...wrong });
      expect([status, body.code, body.errors.map(({ path }: { path: string }) => path)], JSON.stringify(wrong)).toEqual([400, 'invalid_request', ['/body/min_devices']]);
    }
    const krum = { num_devices: 5, termination_criteria, aggregation_strategy: { type: 'Krum', num_malicious: 1 } };
    expect((await createJob(api, training, { ...krum, min_devices: 4 })).body.code).toBe('strategy_needs_more_devices');
    expect((await createJob(api, training, { ...krum, min_devices: 5 })).status).toBe(200);
  });
});
