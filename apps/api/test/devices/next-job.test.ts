import { eventually } from '@vergeai/testkit';
import { getEventListeners } from 'node:events';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { LEASE_SEC } from '@vergeai/domain';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { sha256 } from '../support/models.js';
import { submitInline } from '../support/uploads.js';
import { cancelJob, drawnFor, getJob, heartbeat, isActive, jobWith, model, newDevice, newJob, newTraining, nextJob, submitUpdate, type TestDevice, type Training } from '../support/training.js';

/** Gives how many seconds of CPU time this process has used since. */
function cpuStopwatch(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000_000;
  };
}

describe.each(databases)('device/next_job on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  let listeners = 0;
  let looks = 0;
  let looking = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock, change: counting });
  });
  afterEach(() => {
    expect(open.size).toBe(0);
  });
  afterAll(() => api.close());

  /** Counts who listens to signals, and what next_job asks of the database. */
  function counting(ctx: Context): Context {
    return {
      ...ctx,
      signals: {
        ...ctx.signals,
        subscribe: (listener) => {
          listeners++;
          const stop = ctx.signals.subscribe(listener);
          return () => {
            listeners--;
            stop();
          };
        },
      },
      db: {
        ...ctx.db,
        hot: {
          all: (...args) => ctx.db.hot.all(...args),
          get: (...args) => {
            const found = ctx.db.hot.get(...args);
            if (!args[0].sql.includes('"JobDevice"')) return found;
            looks++;
            looking++;
            return Promise.resolve(found).finally(() => looking--);
          },
        },
      },
    };
  }

  /** How many have looked and now wait to be told, or to look again in ten seconds. */
  const waiting = () => clock.waits().filter((ms) => ms === 10_000).length;

  const open = new Set<ReturnType<typeof request>>();

  /** A long poll that can be hung up. */
  function poll({ project }: Training, device: TestDevice, wait: number) {
    const { hostname, port } = new URL(api.url);
    const req = request({ hostname, port, path: `/v1/device/next_job/${project}?wait=${wait}`, headers: { Authorization: device.key }, agent: false });
    open.add(req);
    req.on('error', () => {});
    const closed = new Promise<number | undefined>((resolve) => {
      let status: number | undefined;
      req.on('response', (res) => {
        status = res.statusCode;
        res.resume();
      });
      req.on('close', () => {
        open.delete(req);
        resolve(status);
      });
    });
    req.end();
    return { closed, hangUp: () => req.destroy() };
  }

  it('gives the job at once when there is one: what to train, from which model, with a lease', async () => {
    const training = await newTraining(api, 1);
    await send(api, 'POST', '/v1/experiment/update', {
      key: api.adminKey,
      json: { project_id: training.project, experiment_id: training.experiment, hyperparameters: { learning_rate: 0.01 } },
    });
    const job = await newJob(api, training);
    // The clock stands, so what is answered was answered at once.
    const { status, body } = await nextJob(api, training, training.devices[0]!, 60);
    const text = JSON.stringify(model(0));
    expect([status, body]).toEqual([
      200,
      {
        job_id: job,
        experiment_id: training.experiment,
        sequence: 1,
        kind: 'TRAIN',
        hyperparameters: { learning_rate: 0.01 },
        config: {},
        model_url: expect.stringContaining('/v1/download?ticket='),
        model: { size: text.length, sha256: sha256(text), format: 'json' },
        upload: { url: `${api.url}/v1/upload`, fields: { key: expect.stringContaining(job), ticket: expect.any(String) } },
        lease: { expires_at: expect.stringMatching(/Z$/), duration_sec: LEASE_SEC },
      },
    ]);
    expect((await send(api, 'GET', body.model_url)).text).toBe(text);
  });

  it('gives 204 when there is none, after the time that was asked for', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    expect((await nextJob(api, training, device!)).status).toBe(204);
    let isOver = false;
    const answer = nextJob(api, training, device!, 7.5).finally(() => (isOver = true));
    await eventually('it waits', () => clock.waits().includes(7_500));
    await clock.advance(7_499);
    // Whoever comes later is answered earlier.
    expect((await nextJob(api, training, device!)).status).toBe(204);
    expect(isOver).toBe(false);
    await clock.advance(1);
    const { status, text } = await answer;
    expect([status, text]).toEqual([204, '']);
  });

  it.each(['-1', '61', 'x', 'NaN', 'Infinity', '1e999'])('refuses to wait for %s seconds', async (wait) => {
    const { project, devices } = await newTraining(api, 1);
    expect((await send(api, 'GET', `/v1/device/next_job/${project}?wait=${wait}`, { key: devices[0]!.key })).status).toBe(400);
  });

  it('wakes at once when a job is created, and when the one before it ends', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const woken = nextJob(api, training, device!, 30);
    await eventually('it waits', () => waiting() === 1);
    // The clock stands, so nobody looks who was not told.
    const first = await newJob(api, training);
    expect((await woken).body.job_id).toBe(first);
    const second = await newJob(api, training);
    await submitUpdate(api, training, first, device!, model(1));
    const again = await nextJob(api, training, device!, 30);
    expect(again.body).toMatchObject({ job_id: second, sequence: 2 });
  });

  it('gives the same job again to who asks again, with a longer lease', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const first = (await nextJob(api, training, training.devices[0]!)).body;
    await clock.advance(30_000);
    const again = (await nextJob(api, training, training.devices[0]!)).body;
    expect(again.job_id).toBe(job);
    expect(new Date(again.lease.expires_at).getTime()).toBeGreaterThan(new Date(first.lease.expires_at).getTime());
  });

  it('serves a device that two experiments wait for in the order in which they started', async () => {
    const one = await newTraining(api, 1);
    const two: Training = { project: one.project, experiment: await newExperiment(api, one.project), devices: one.devices };
    await submitInline(api, two, model(10));
    const [device] = one.devices;
    const first = await newJob(api, one);
    await clock.advance(1_000);
    const second = await newJob(api, two);
    expect((await nextJob(api, one, device!)).body.job_id).toBe(first);
    await submitUpdate(api, one, first, device!, model(1));
    expect((await nextJob(api, one, device!)).body.job_id).toBe(second);
    await submitUpdate(api, two, second, device!, model(11));
    expect((await nextJob(api, one, device!)).status).toBe(204);
    await jobWith(api, two, second, 'COMPLETED');
  });

  it('gives nothing to a device that was not drawn, and nothing of a job that waits for its turn or was cancelled', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training);
    await newJob(api, training, { num_devices: 2 });
    const [device] = drawnFor(training, await getJob(api, training, job));
    const other = training.devices.find((candidate) => candidate !== device)!;
    expect((await nextJob(api, training, other)).status).toBe(204);
    const stranger = await newDevice(api, training.project);
    expect((await nextJob(api, training, stranger)).status).toBe(204);
    const { status } = await nextJob(api, training, device!);
    expect(status).toBe(200);
  });

  it('tells a device that its job was cancelled: heartbeat says so, and next_job has nothing', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const [device] = training.devices;
    await nextJob(api, training, device!);
    await cancelJob(api, training, job);
    expect((await heartbeat(api, training, job, device!)).body).toEqual({ is_device_active: false, lease: null });
    expect(await isActive(api, training, job, device!)).toBe(false);
    expect((await nextJob(api, training, device!)).status).toBe(204);
  });

  it('forgets a client that hangs up: no listener, no look at the database, no lease for nobody', async () => {
    const training = await newTraining(api, 1);
    await nextJob(api, training, training.devices[0]!);
    const before = listeners;
    const toTheEnd = () => getEventListeners(api.stopping, 'abort').length;
    const beforeTheEnd = toTheEnd();
    const polls = Array.from({ length: 10 }, () => poll(training, training.devices[0]!, 60));
    await eventually('they wait', () => waiting() === 10);
    for (const { hangUp } of polls) hangUp();
    await Promise.all(polls.map(({ closed }) => closed));
    // Each may look once more when it is woken, and no more after that.
    await eventually('nobody waits and nobody looks', () => waiting() === 0 && toTheEnd() === beforeTheEnd && looking === 0);
    const after = looks;
    const job = await newJob(api, training);
    await clock.advance(60_000);
    expect(listeners).toBe(before);
    const { state } = await api.ctx.db.prisma.jobDevice.findFirstOrThrow({ where: { jobId: job } });
    expect([state, looks]).toEqual(['DRAWN', after]);
  });

  it('wakes only those that were drawn: 1,000 idle devices that wait look once in ten seconds and cost next to nothing', async () => {
    const training = await newTraining(api, 1);
    const idle = await Promise.all(Array.from({ length: 20 }, () => newDevice(api, training.project)));
    // Fifty waits of each device; what a wait costs does not depend on whose it is.
    const before = listeners;
    const asking = cpuStopwatch();
    const polls = Array.from({ length: 1000 }, (_, n) => poll(training, idle[n % idle.length]!, 60));
    await eventually('all of them wait', () => waiting() === 1000, 60_000);
    const asked = asking();
    const other = await newTraining(api, 1);
    const woken = nextJob(api, other, other.devices[0]!, 30);
    await eventually('another waits', () => waiting() === 1001);
    looks = 0;
    const job = await newJob(api, other);
    expect((await woken).body.job_id).toBe(job);
    expect(looks).toBe(1);
    const passing = cpuStopwatch();
    await clock.advance(10_000);
    await eventually('all of them wait again', () => waiting() === 1000, 60_000);
    const perSecond = passing() / 10;
    console.log(`1,000 waiting devices on ${database}: ${(perSecond * 1000).toFixed(0)} ms of CPU a second; ${(asked * 1000).toFixed(0)} ms to ask`);
    expect(looks).toBe(1001);
    // A slow machine takes longer over everything: there it is held against what asking costs.
    expect(perSecond).toBeLessThan(Math.max(0.3, asked / 3));
    expect(listeners).toBe(before);
    for (const { hangUp } of polls) hangUp();
    await Promise.all(polls.map(({ closed }) => closed));
  });
});
