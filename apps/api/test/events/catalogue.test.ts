import { eventTypes, misfit, type EventEntry } from '@vergeai/contract';
import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { openOverduePlaces } from '../../src/engine/watch-places.js';
import type { NewEvent } from '../../src/writing/new-event.js';
import type { firstEvent, knownEvents, recordEvent } from '../../src/writing/record-event.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { listen } from '../support/listen.js';
import { memberAt, newSweep } from '../support/sweeping.js';
import { cancelJob, drawnFor, eventsOf, getExperiment, getJob, jobWith, model, newJob, newTraining, reportFailure, retryJob, submitEvaluation, submitUpdate, type Training } from '../support/training.js';

describe.each(databases)('the event log on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const post = async (path: string, { project, experiment }: Training, more: object) => {
    const { status, body, text } = await send(api, 'POST', path, { key: api.adminKey, json: { project_id: project, experiment_id: experiment, ...more } });
    expect(status, text).toBe(200);
    return body;
  };

  it('has every type of the catalogue once an experiment has lived through everything, each with its ids and its data key for key', async () => {
    const training = await newTraining(api, 3);
    await post('/v1/experiment/update', training, { experiment_name: 'Baseline', experiment_description: null });
    await post('/v1/experiment/update', training, { hyperparameters: { learning_rate: 0.01 } });
    await post('/v1/experiment/update', training, { tags: ['paper', 'gpu'], archived: false });

    // Two of three devices are drawn; one gives up and the third takes its place.
    const completed = await newJob(api, training, { num_devices: 2 });
    const [one, other] = drawnFor(training, await getJob(api, training, completed));
    await reportFailure(api, training, completed, one!);
    const third = training.devices.find(({ id }) => id !== one!.id && id !== other!.id)!;
    await submitUpdate(api, training, completed, other!, model(1), { num_examples: 2, metrics: { loss: 0.5 } });
    await submitUpdate(api, training, completed, third, model(2), { num_examples: 1.5 });
    await jobWith(api, training, completed, 'COMPLETED');

    const cancelled = await newJob(api, training);
    // It has waited for its device for a minute.
    await api.ctx.db.prisma.jobDevice.updateMany({ where: { jobId: cancelled }, data: { awaitedSince: new Date(0), leaseExpiresAt: new Date(60_000) } });
    await openOverduePlaces(api.ctx);
    await cancelJob(api, training, cancelled);
    // With three devices to draw and none to spare, one that gives up is one too few.
    const failed = await newJob(api, training, { num_devices: 3 });
    await reportFailure(api, training, failed, one!);
    await jobWith(api, training, failed, 'FAILED');
    const retried = (await retryJob(api, training, cancelled)).body.ID as string;
    await submitUpdate(api, training, retried, drawnFor(training, await getJob(api, training, retried))[0]!, model(3));
    await jobWith(api, training, retried, 'COMPLETED');

    // What one strategy keeps from round to round is nothing to the other.
    for (const strategy of ['FedAvgM', 'FedAdam']) {
      const stepping = await newJob(api, training, { aggregation_strategy: strategy });
      await submitUpdate(api, training, stepping, drawnFor(training, await getJob(api, training, stepping))[0]!, model(4));
      await jobWith(api, training, stepping, 'COMPLETED');
    }

    const [last] = (await post('/v1/job/create_series', training, { num_devices: 1, count: 1, stop_when: { metric: 'loss', mode: 'min', threshold: 1 } })).job_ids as [string];
    await submitUpdate(api, training, last, drawnFor(training, await getJob(api, training, last))[0]!, model(5), { metrics: { loss: 0.5 } });
    await jobWith(api, training, last, 'COMPLETED');

    const evaluated = await newJob(api, training, { kind: 'EVALUATE' });
    await submitEvaluation(api, training, evaluated, drawnFor(training, await getJob(api, training, evaluated))[0]!, { accuracy: 0.9 }, { num_examples: 8 });
    await jobWith(api, training, evaluated, 'COMPLETED');

    await post('/v1/experiment/rollback', training, { to: 'start', reason: 'it diverged' });
    await post('/v1/experiment/update', training, { keep_best: { metric: 'loss', mode: 'min' } });
    await post('/v1/experiment/update', training, { keep_best: null });
    await post('/v1/experiment/pause', training, {});
    await post('/v1/experiment/resume', training, {});
    await post('/v1/experiment/rollback', training, { to: completed });

    const fork = (await post('/v1/experiment/fork', training, { from: completed })).ID as string;
    const sweep = await newSweep(api, training, { hyperparameters: { lr: { values: [1] } }, num_jobs: 1 });
    const swept = memberAt(training, sweep, 0);
    await cancelJob(api, swept, (await getExperiment(api, swept)).current_job as string);
    const log = [...(await eventsOf(api, training)), ...(await eventsOf(api, { ...training, experiment: fork })), ...(await eventsOf(api, swept))];
    for (const entry of log) expect(misfit(entry), JSON.stringify(entry)).toBeUndefined();
    expect([...new Set(log.map(({ type }) => type))].sort()).toEqual([...eventTypes].sort());

    const dataOf = (type: string, job: string | null = null) => log.filter((entry) => entry.type === type && entry.job_id === job).map(({ data }) => data);
    expect(dataOf('experiment_updated')).toEqual([{ name: 'Baseline', description: null }, { hyperparameters: '{"learning_rate":0.01}' }, { tags: ['gpu', 'paper'], archived: false }, { keep_best: { metric: 'loss', mode: 'min' } }, { keep_best: null }]);
    expect(dataOf('experiment_forked')).toEqual([expect.objectContaining({ from_experiment: training.experiment, from: completed }), expect.objectContaining({ from: 'current', sweep_id: sweep.sweep_id })]);
    expect(dataOf('sweep_created')).toEqual([{ sweep_id: sweep.sweep_id, num_members: 1, num_jobs: 1 }]);
    expect(dataOf('sweep_completed')).toEqual([{ sweep_id: sweep.sweep_id, num_members: 1 }]);
    expect(dataOf('device_replaced', completed)).toEqual([{ reason: 'battery low', substitute: third.id }]);
    expect(dataOf('device_replaced', failed)).toEqual([{ reason: 'battery low', substitute: null }]);
    expect(dataOf('model_update_submitted', completed)).toMatchObject([{ num_examples: 2, metrics: { loss: 0.5 } }, { num_examples: 1.5, metrics: {} }]);
    expect(dataOf('evaluation_submitted', evaluated)).toEqual([{ num_examples: 8, metrics: { accuracy: 0.9 } }]);
    expect(dataOf('job_initialized', evaluated)).toMatchObject([{ kind: 'EVALUATE' }]);
    expect(dataOf('job_initialized', retried)).toEqual([{ sequence: 4, retry_of: cancelled }]);
    expect(dataOf('job_waiting', cancelled)).toMatchObject([{ updates: 0, num_devices: 1, num_awaited: 1 }]);
    expect(dataOf('job_cancelled', cancelled)).toEqual([{ reason: 'cancelled on request' }]);
    expect(dataOf('job_failed', failed)).toEqual([{ reason: 'too few devices are left: battery low' }]);
    expect(dataOf('current_model_changed', completed)).toEqual([
      { sha256: expect.any(String), size: expect.any(Number), updates: 2, by: 'aggregation' },
      { sha256: expect.any(String), size: expect.any(Number), updates: 2, by: 'rollback' },
    ]);
    expect(dataOf('current_model_changed')).toMatchObject([{ updates: 0, by: 'rollback', reason: 'it diverged' }]);
  });

  it('is read as it stands, what a newer or an older server wrote into it, too: listed and as a stream', async () => {
    const training = await newTraining(api, 1);
    const { experiment: experimentId } = training;
    const written = [
      { type: 'job_paused', jobId: 'a'.repeat(32), data: { until: null, by: { hand: [true, 0.5] } } },
      { type: 'job_failed', jobId: 'a'.repeat(32), data: { reason: 'it was so', code: 'too_few_devices', more: [] } },
      { type: 'model_update_submitted', jobId: 'a'.repeat(32), deviceId: 'b'.repeat(32), data: { sha256: '00', size: '3' } },
      { type: 'job_completed', data: {} },
    ];
    const createdAt = new Date(0);
    await api.ctx.db.prisma.event.createMany({ data: written.map(({ data, ...event }, at) => ({ experimentId, sequence: 3 + at, ...event, data: JSON.stringify(data), createdAt })) });
    await api.ctx.db.prisma.experiment.updateMany({ where: { id: experimentId }, data: { nextEventSequence: { increment: written.length } } });

    const log = await eventsOf(api, training);
    expect(log.slice(2)).toEqual(
      written.map(({ type, jobId, deviceId, data }, at) => ({
        sequence: 3 + at,
        type,
        job_id: jobId ?? null,
        device_id: deviceId ?? null,
        actor_id: null,
        key_id: null,
        data,
        created_at: '1970-01-01T00:00:00.000Z',
      })),
    );
    const stream = await listen(api, training);
    await eventually('all of it is told', () => stream.events.length === log.length);
    expect(stream.events.map(({ data }) => data)).toEqual(log);
    expect(stream.events.map(({ type }) => type)).toEqual(log.map(({ type }) => type));
    stream.hangUp();
    // And it goes on.
    const job = await newJob(api, training);
    expect((await eventsOf(api, training)).at(-1)).toMatchObject({ sequence: log.length + 2, type: 'job_in_progress', job_id: job });
  });
});

// What counts here is that it compiles, or doesn't: `npm test` checks the types before it runs anything.
describe('an event that the server writes', () => {
  it('is one of the catalogue, with the ids and the data of its type, or it does not compile', () => {
    expectTypeOf<NewEvent['type']>().toEqualTypeOf<(typeof eventTypes)[number]>();
    const [jobId, deviceId] = ['j', 'd'];
    void ({ type: 'job_failed', jobId, data: { reason: 'why' } } satisfies NewEvent);
    void ({ type: 'job_completed', jobId, data: {} } satisfies NewEvent);
    // @ts-expect-error no such type
    void ({ type: 'job_paused', jobId, data: {} } satisfies NewEvent);
    // @ts-expect-error a type is one of the catalogue, not any text
    void ({ type: `job_${jobId}`, jobId, data: {} } satisfies NewEvent);
    // @ts-expect-error it needs a reason
    void ({ type: 'job_failed', jobId, data: {} } satisfies NewEvent);
    // @ts-expect-error it has nothing to say
    void ({ type: 'job_completed', jobId, data: { reason: 'why' } } satisfies NewEvent);
    // @ts-expect-error no such key
    void ({ type: 'job_failed', jobId, data: { reason: 'why', code: 'x' } } satisfies NewEvent);
    // @ts-expect-error it is about a job
    void ({ type: 'job_completed', data: {} } satisfies NewEvent);
    // @ts-expect-error it is about no device
    void ({ type: 'job_completed', jobId, deviceId, data: {} } satisfies NewEvent);
    // @ts-expect-error it is about a device
    void ({ type: 'device_replaced', jobId, data: { reason: 'why', substitute: null } } satisfies NewEvent);
    // @ts-expect-error it is about the experiment alone
    void ({ type: 'experiment_created', jobId, data: { name: null } } satisfies NewEvent);
  });

  it('and nothing else gets into a log', () => {
    expectTypeOf<Parameters<typeof recordEvent>[2]>().toEqualTypeOf<NewEvent>();
    expectTypeOf<Parameters<typeof firstEvent>[3]>().toEqualTypeOf<NewEvent>();
    expectTypeOf<Parameters<typeof knownEvents>[3]>().toEqualTypeOf<readonly NewEvent[]>();
    expectTypeOf<EventEntry['type']>().toExtend<string>();
  });
});
