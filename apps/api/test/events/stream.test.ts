import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { listen as listenTo, type Listener, type ListenOptions } from '../support/listen.js';
import { cancelJob, eventsOf, model, newJob, newTraining, submitUpdate, type Training } from '../support/training.js';

describe.each(databases)('the event stream of an experiment on %s', (database) => {
  let api: TestApi;
  // It stands unless a test steps it: what comes was told, and not found by looking now and then.
  const clock = testClock();
  const listening: Listener[] = [];
  let afterLook: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { clock, change: afterEachLook(() => afterLook?.()) });
  });
  afterEach(() => listening.splice(0).forEach(({ hangUp }) => hangUp()));
  afterAll(() => api.close());

  async function listen(training: Training, options?: ListenOptions): Promise<Listener> {
    const listener = await listenTo(api, training, options);
    listening.push(listener);
    return listener;
  }

  it('tells what there was, in order, each with its number as id, then what comes', async () => {
    const training = await newTraining(api, 1);
    const stream = await listen(training);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await eventually('the past is told', () => stream.events.length === 2);
    const job = await newJob(api, training);
    await eventually('the job is told', () => stream.events.length === 4);
    await submitUpdate(api, training, job, training.devices[0]!, model(1));
    await eventually('its end is told', () => stream.events.at(-1)?.type === 'current_model_changed');
    const log = await eventsOf(api, training);
    expect(stream.events.map(({ data }) => data)).toEqual(log);
    expect(stream.events.map(({ id, type }) => [id, type])).toEqual(log.map(({ sequence, type }) => [sequence, type]));
    expect(log.map(({ type }) => type)).toEqual([
      'experiment_created',
      'start_model_submitted',
      'job_initialized',
      'job_in_progress',
      'model_update_submitted',
      'job_aggregation_in_progress',
      'job_completed',
      'current_model_changed',
    ]);
  });

  it('is resumed by Last-Event-ID without a gap and without a repetition, however often the connection breaks', async () => {
    const training = await newTraining(api, 1);
    const heard: number[] = [];
    for (let round = 0; round < 5; round++) {
      const stream = await listen(training, heard.length > 0 ? { lastEventId: heard.at(-1)! } : {});
      const job = await newJob(api, training);
      await cancelJob(api, training, job);
      const { sequence } = (await eventsOf(api, training)).at(-1)!;
      // Hung up wherever it is, half-way too.
      await eventually('something is told', () => stream.events.length > 0 && (round % 2 === 0 || stream.events.at(-1)!.id === sequence));
      stream.hangUp();
      await stream.reading;
      heard.push(...stream.events.map(({ id }) => id));
    }
    const last = await listen(training, { lastEventId: heard.at(-1)! });
    const { sequence } = (await eventsOf(api, training)).at(-1)!;
    await eventually('the rest is told', () => heard.length + last.events.length === sequence);
    heard.push(...last.events.map(({ id }) => id));
    expect(heard).toEqual(Array.from({ length: sequence }, (_, at) => at + 1));
  });

  it('starts after the number that is asked for; Last-Event-ID counts for more, and nonsense in it for nothing', async () => {
    const training = await newTraining(api, 1);
    await newJob(api, training);
    const from = async (options: Parameters<typeof listen>[1]) => {
      const stream = await listen(training, options);
      await eventually('it is told', () => stream.events.at(-1)?.id === 4);
      return stream.events[0]!.id;
    };
    expect(await from({ after: 2 })).toBe(3);
    expect(await from({ after: 1, lastEventId: 3 })).toBe(4);
    expect(await from({ after: 2, lastEventId: 'x' })).toBe(3);
  });

  it('tells hundreds of events that are there already, all of them and in order', async () => {
    const training = await newTraining(api, 1);
    const rows = Array.from({ length: 450 }, (_, at) => ({ experimentId: training.experiment, sequence: at + 3, type: 'experiment_updated', data: '{}', createdAt: api.ctx.clock.now() }));
    await api.ctx.db.prisma.event.createMany({ data: rows });
    await api.ctx.db.prisma.experiment.update({ where: { id: training.experiment }, data: { nextEventSequence: 453 } });
    const stream = await listen(training);
    await eventually('all are told', () => stream.events.length === 452);
    expect(stream.events.map(({ id }) => id)).toEqual(Array.from({ length: 452 }, (_, at) => at + 1));
  });

  it('says something at least every 15 s, so that proxies keep the connection; and ends when the key is revoked', async () => {
    const training = await newTraining(api, 1);
    const member = await newUser(api);
    await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: training.project, user_id: member.userId, permission_level: 1 } });
    const stream = await listen(training, { key: member.key });
    await eventually('the past is told', () => stream.events.length === 2);
    await eventually('it waits', () => clock.waits().includes(10_000));
    expect(stream.comments()).toBe(0);
    await clock.advance(15_000);
    await eventually('a sign of life', () => stream.comments() > 0);
    const { body } = await send(api, 'GET', '/v1/auth/list', { key: member.key });
    await send(api, 'POST', '/v1/auth/revoke', { key: member.key, json: { key_id: body.data[0].key_id } });
    const told = stream.events.length;
    await newJob(api, training);
    await eventually('it ends', () => stream.isOver());
    expect(stream.events).toHaveLength(told);
  });

  it('ends when its reader is removed from the project, and with the project', async () => {
    const training = await newTraining(api, 1);
    const member = await newUser(api);
    await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: training.project, user_id: member.userId, permission_level: 1 } });
    const removed = await listen(training, { key: member.key });
    await eventually('the past is told', () => removed.events.length === 2);
    await send(api, 'POST', '/v1/project/remove_member', { key: api.adminKey, json: { project_id: training.project, user_id: member.userId } });
    await newJob(api, training);
    await eventually('it ends', () => removed.isOver());
    expect(removed.events).toHaveLength(2);
  });

  it('leaves its connection to the next request when its reader may not go on', async () => {
    const training = await newTraining(api, 1);
    const member = await newUser(api);
    await send(api, 'POST', '/v1/project/add_member', { key: api.adminKey, json: { project_id: training.project, user_id: member.userId, permission_level: 1 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const exchange = async (pathname: string, onAnswer: () => Promise<unknown> = () => Promise.resolve()) => {
      const request = get(api.url + pathname, { agent, headers: { Authorization: member.key, Accept: 'text/event-stream' } });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await onAnswer();
      for await (const _ of response);
      return { status: response.statusCode, reused: request.reusedSocket };
    };
    try {
      await exchange(`/v1/experiment/events/${training.project}/${training.experiment}`, async () => {
        await send(api, 'POST', '/v1/project/remove_member', { key: api.adminKey, json: { project_id: training.project, user_id: member.userId } });
        await newJob(api, training);
      });
      // By the time that another connection has its answer, a server that would close this one has done so.
      await send(api, 'GET', '/livez');
      expect(await exchange('/livez')).toEqual({ status: 200, reused: true });
    } finally {
      agent.destroy();
    }
  });

  it('is refused as a normal answer to who may not read it', async () => {
    const training = await newTraining(api, 1);
    const stranger = await newUser(api);
    const { response } = await listen(training, { key: stranger.key });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await listen(training, { key: 'nonsense' })).response.status).toBe(401);
    expect((await listen({ ...training, experiment: 'f'.repeat(32) })).response.status).toBe(404);
  });

  it('tells at once what happened during its first look at the log', async () => {
    const training = await newTraining(api, 1);
    afterLook = async () => {
      afterLook = undefined;
      await newJob(api, training);
    };
    const stream = await listen(training);
    await eventually('the job is told', () => stream.events.length === 4);
  });

  it('is given to many at once, and forgotten when they hang up', async () => {
    const training = await newTraining(api, 1);
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(String(warning));
    process.on('warning', onWarning);
    const streams = await Promise.all(Array.from({ length: 30 }, () => listen(training)));
    await newJob(api, training);
    for (const { events } of streams) await eventually('everybody is told', () => events.length === 4);
    for (const { hangUp, reading } of streams) {
      hangUp();
      await reading;
    }
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});

/** Calls `then` after each look at the log, before its caller hears what it gave. */
const afterEachLook = (then: () => Promise<void> | undefined) => (ctx: Context): Context => {
  const prisma = ctx.db.prisma.$extends({
    query: {
      event: {
        async findMany({ args, query }) {
          const events = await query(args);
          await then();
          return events;
        },
      },
    },
  });
  return { ...ctx, db: { ...ctx.db, prisma: prisma as unknown as Context['db']['prisma'] } };
};
