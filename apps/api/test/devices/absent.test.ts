import { misfit } from '@vergeai/contract';
import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { replaceSilentDevices } from '../../src/engine/watch-jobs.js';
import { openOverduePlaces } from '../../src/engine/watch-places.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import {
  cancelJob,
  createJob,
  drawnFor,
  eventsOf,
  getJob,
  jobWith,
  model,
  newDevice,
  newJob,
  newTraining,
  nextJob,
  reportFailure,
  retryJob,
  submitUpdate,
  type TestDevice,
  type Training,
} from '../support/training.js';

const MINUTE_MS = 60_000;

describe.each(databases)('a device that was drawn and does not come, on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  const lines: string[] = [];
  beforeAll(async () => {
    const change = (ctx: TestApi['ctx']) => {
      ctx.log.warn = ((_about: object, sentence: string) => void lines.push(sentence)) as typeof ctx.log.warn;
      return ctx;
    };
    api = await startApi(database, {}, { clock, change });
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  /** Time passes, and the server looks after its jobs, as it does twice a second. */
  const pass = async (ms: number) => {
    await clock.advance(ms);
    await openOverduePlaces(api.ctx);
    await replaceSilentDevices(api.ctx);
  };

  /** One device is drawn for a job and another one is idle. */
  async function absentAndIdle(more: Record<string, unknown> = {}): Promise<{ training: Training; job: string; absent: TestDevice; idle: TestDevice }> {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, more);
    const [absent] = drawnFor(training, await getJob(api, training, job));
    return { training, job, absent: absent!, idle: training.devices.find((device) => device !== absent)! };
  }

  const told = async (training: Training, job: string) => (await eventsOf(api, training)).filter(({ type, job_id }) => type === 'job_waiting' && job_id === job);
  const described = async ({ project, experiment }: Training, job: string) => {
    const { body } = await send(api, 'GET', `/v1/experiment/describe/${project}/${experiment}`, { key: api.adminKey });
    return body.jobs.data.find(({ job_id }: { job_id: string }) => job_id === job);
  };
  const listed = async ({ project, experiment }: Training, job: string) => {
    const { body } = await send(api, 'GET', `/v1/job/list/${project}/${experiment}`, { key: api.adminKey });
    return body.data.find(({ job_id }: { job_id: string }) => job_id === job);
  };

  it('loses its place after a minute, not a moment before, to one that asks for a job, and the job goes on to its end', async () => {
    const { training, job, absent, idle } = await absentAndIdle();
    await pass(MINUTE_MS - 1);
    expect((await nextJob(api, training, idle)).status).toBe(204);
    await pass(1);
    expect((await nextJob(api, training, idle)).body.job_id).toBe(job);
    expect((await getJob(api, training, job)).devices).toEqual([idle.id]);
    const replaced = (await eventsOf(api, training)).find(({ type }) => type === 'device_replaced');
    expect(replaced).toMatchObject({ job_id: job, device_id: absent.id, actor_id: idle.id, data: { reason: 'it did not come for the job', substitute: idle.id } });
    // It comes after all: too late.
    expect((await nextJob(api, training, absent)).status).toBe(204);
    expect((await submitUpdate(api, training, job, absent, model(1))).body.code).toBe('device_not_drawn');
    expect((await submitUpdate(api, training, job, idle, model(2))).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
  });

  it('loses it to one that is waiting for a job at that time, within the ninety seconds', async () => {
    const { training, job, idle } = await absentAndIdle();
    // One poll lasts for 55 seconds, so this is the second one.
    await pass(30_000);
    const before = clock.waits().length;
    const waiting = nextJob(api, training, idle, 60);
    await eventually('it waits', () => clock.waits().length > before);
    for (let ms = 0; ms < 50_000; ms += 5_000) await pass(5_000);
    expect((await waiting).body?.job_id).toBe(job);
  });

  it('hears after 55 seconds that there is no job, when it waits for a minute, so that no proxy cuts it off', async () => {
    const training = await newTraining(api, 1);
    // Between servers a change is told once a second: no such second is left.
    for (let second = 1; second <= 2; second++) await clock.advance(1_000);
    const before = clock.waits().length;
    let answered = false;
    const waiting = nextJob(api, training, training.devices[0]!, 60).finally(() => (answered = true));
    await eventually('it waits', () => clock.waits().length > before);
    await clock.advance(54_000);
    await eventually('it waits on', () => clock.waits().length > before);
    expect(answered).toBe(false);
    await clock.advance(1_000);
    expect((await waiting).status).toBe(204);
  });

  it('keeps it when it comes within its time, or late and before anybody else', async () => {
    const { training, job, absent } = await absentAndIdle();
    await pass(MINUTE_MS - 1);
    expect((await nextJob(api, training, absent)).body.job_id).toBe(job);
    await cancelJob(api, training, job);
    const other = await absentAndIdle();
    await pass(60 * MINUTE_MS);
    expect((await nextJob(api, other.training, other.absent)).body.job_id).toBe(other.job);
    expect((await nextJob(api, other.training, other.idle)).status).toBe(204);
  });

  it.each([1, 600])('has as long as the job says: device_timeout_sec %i, which its list and a retry keep', async (seconds) => {
    const { training, job, absent, idle } = await absentAndIdle({ device_timeout_sec: seconds });
    for (let left = seconds * 1000 - 1; left > 0; left -= MINUTE_MS) {
      await pass(Math.min(left, MINUTE_MS));
      expect((await nextJob(api, training, idle)).status).toBe(204);
    }
    await pass(1);
    expect(await listed(training, job)).toMatchObject({ device_timeout_sec: seconds });
    expect(await described(training, job)).toMatchObject({ device_timeout_sec: seconds });
    expect((await nextJob(api, training, idle)).body.job_id).toBe(job);
    expect((await getJob(api, training, job)).devices).not.toContain(absent.id);
    await cancelJob(api, training, job);
    expect(await listed(training, (await retryJob(api, training, job)).body.ID as string)).toMatchObject({ device_timeout_sec: seconds });
  });

  it('has a minute when the job says nothing', async () => {
    const { training, job } = await absentAndIdle();
    expect(await listed(training, job)).toMatchObject({ device_timeout_sec: 60 });
  });

  it.each([0, 0.5, -1, '60', null, true, 1e12])('is given no time that is none: 400 for %j', async (device_timeout_sec) => {
    const training = await newTraining(api, 1);
    const reply = await createJob(api, training, { device_timeout_sec });
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid_request']);
  });

  it('is waited for from the start of its job, however long that stood in the queue', async () => {
    const training = await newTraining(api, 2);
    const first = await newJob(api, training);
    const queued = await newJob(api, training);
    await pass(60 * MINUTE_MS);
    await cancelJob(api, training, first);
    const [absent] = drawnFor(training, await getJob(api, training, queued));
    const idle = training.devices.find((device) => device !== absent)!;
    await pass(MINUTE_MS - 1);
    expect((await nextJob(api, training, idle)).status).toBe(204);
    expect(await told(training, queued)).toEqual([]);
    await pass(1);
    expect(await told(training, queued)).toHaveLength(1);
    expect((await nextJob(api, training, idle)).body.job_id).toBe(queued);
  });

  it('makes no room for one that is not there either: nobody is replaced until somebody comes', async () => {
    const { training, job, absent } = await absentAndIdle();
    for (let hour = 0; hour < 24; hour++) await pass(60 * MINUTE_MS);
    expect((await getJob(api, training, job)).devices).toEqual([absent.id]);
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'device_replaced')).toEqual([]);
    expect(await told(training, job)).toHaveLength(1);
  });

  it('is replaced by one that was registered only afterwards, as by a notebook that registers its device anew', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    await pass(MINUTE_MS);
    const anew = await newDevice(api, training.project);
    expect((await nextJob(api, training, anew)).body.job_id).toBe(job);
    expect((await submitUpdate(api, training, job, anew, model(1))).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
  });

  it('loses its place once, to one of many that ask at the same time', async () => {
    const training = await newTraining(api, 12);
    const job = await newJob(api, training);
    const [absent] = drawnFor(training, await getJob(api, training, job));
    await pass(MINUTE_MS);
    const idle = training.devices.filter((device) => device !== absent);
    const replies = await Promise.all(idle.flatMap((device) => [nextJob(api, training, device), nextJob(api, training, device)]));
    const takers = new Set(replies.flatMap(({ status }, at) => (status === 200 ? [idle[at >> 1]!.id] : [])));
    expect(replies.filter(({ status }) => status !== 200 && status !== 204)).toEqual([]);
    expect(takers.size).toBe(1);
    expect((await getJob(api, training, job)).devices).toEqual([...takers]);
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'device_replaced')).toHaveLength(1);
  });

  it('may come back when the one in its place does not come either', async () => {
    const { training, job, absent, idle } = await absentAndIdle();
    await pass(MINUTE_MS);
    // The other one takes its place, and is gone before it trains; so is the lease.
    expect((await nextJob(api, training, idle)).body.job_id).toBe(job);
    const third = await newDevice(api, training.project);
    await pass(MINUTE_MS);
    expect((await getJob(api, training, job)).devices).toEqual([third.id]);
    expect((await nextJob(api, training, absent)).status).toBe(204);
    await pass(MINUTE_MS);
    expect((await nextJob(api, training, absent)).body.job_id).toBe(job);
    expect((await getJob(api, training, job)).devices).toEqual([absent.id]);
    await submitUpdate(api, training, job, absent, model(1));
    await jobWith(api, training, job, 'COMPLETED');
  });

  it('is not replaced by one that has failed at this job', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 2 });
    const [failing] = drawnFor(training, await getJob(api, training, job));
    await reportFailure(api, training, job, failing!);
    await pass(MINUTE_MS);
    expect((await nextJob(api, training, failing!)).status).toBe(204);
  });

  it('of another project keeps its place there', async () => {
    const { job, training, absent } = await absentAndIdle();
    const elsewhere = await newTraining(api, 1);
    await pass(MINUTE_MS);
    expect((await nextJob(api, elsewhere, elsewhere.devices[0]!)).status).toBe(204);
    expect((await getJob(api, training, job)).devices).toEqual([absent.id]);
  });

  describe('is told of', () => {
    it('in the log of the experiment and of the server, in describe and in the list of jobs: once, with when it was seen', async () => {
      const { training, job, absent } = await absentAndIdle();
      lines.length = 0;
      await pass(MINUTE_MS - 1);
      expect(await told(training, job)).toEqual([]);
      await pass(1);
      const sentence = `0 of 1 updates; waiting for device ${absent.id}, never seen`;
      const [event] = await told(training, job);
      expect(event).toMatchObject({ device_id: null, actor_id: null, data: { updates: 0, num_devices: 1, num_awaited: 1, devices: { [absent.id]: null } } });
      expect(misfit(event!)).toBeUndefined();
      expect(lines).toEqual([sentence]);
      for (let round = 0; round < 40; round++) await pass(5_000);
      expect(await told(training, job)).toHaveLength(1);
      expect(lines).toEqual([sentence]);
      expect((await described(training, job)).waiting_for).toBe(sentence);
      expect((await listed(training, job)).waiting_for).toBe(sentence);
    });

    it('with the time it was last seen', async () => {
      const training = await newTraining(api, 1);
      await nextJob(api, training, training.devices[0]!);
      const seen = clock.now().toISOString();
      const job = await newJob(api, training);
      await pass(MINUTE_MS);
      expect(await told(training, job)).toMatchObject([{ data: { devices: { [training.devices[0]!.id]: seen } } }]);
      expect((await described(training, job)).waiting_for).toBe(`0 of 1 updates; waiting for device ${training.devices[0]!.id}, last seen ${seen}`);
    });

    it('after a minute, though the job gives it ten: and once', async () => {
      const { training, job } = await absentAndIdle({ device_timeout_sec: 600 });
      await pass(MINUTE_MS);
      expect(await told(training, job)).toHaveLength(1);
      for (let minute = 0; minute < 20; minute++) await pass(MINUTE_MS);
      expect(await told(training, job)).toHaveLength(1);
    });

    it('not while enough others are at work, and when they no longer are', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_buffer_devices: 1 });
      const [working, absent] = drawnFor(training, await getJob(api, training, job));
      await nextJob(api, training, working!);
      await pass(MINUTE_MS - 1);
      await send(api, 'POST', '/v1/device/heartbeat', { key: working!.key, json: { project_id: training.project, job_id: job } });
      await pass(1);
      expect(await told(training, job)).toEqual([]);
      expect((await described(training, job)).waiting_for).toBeNull();
      await reportFailure(api, training, job, working!);
      expect(await told(training, job)).toMatchObject([{ data: { updates: 0, num_devices: 1, num_awaited: 1, devices: { [absent!.id]: null } } }]);
    });

    it('not any more once it comes, or the job has ended', async () => {
      const { training, job, absent } = await absentAndIdle();
      await pass(MINUTE_MS);
      await nextJob(api, training, absent);
      expect((await described(training, job)).waiting_for).toBeNull();
      await cancelJob(api, training, job);
      expect((await described(training, job)).waiting_for).toBeNull();
      await pass(60 * MINUTE_MS);
      expect(await told(training, job)).toHaveLength(1);
    });

    it('by the first twenty names of many', async () => {
      const training = await newTraining(api, 25);
      const job = await newJob(api, training, { num_devices: 25 });
      await pass(MINUTE_MS);
      const [event] = await told(training, job);
      expect(event).toMatchObject({ data: { num_awaited: 25, num_devices: 25 } });
      expect(Object.keys((event!.data as { devices: object }).devices)).toHaveLength(20);
      expect((await described(training, job)).waiting_for).toMatch(/^0 of 25 updates; waiting for 25 devices: .*; and 5 more$/);
    });
  });

  describe('is rarely drawn', () => {
    it('when others were seen lately: those are drawn, every one of them in its turn', async () => {
      const training = await newTraining(api, 12);
      await pass(10 * MINUTE_MS);
      const lively = training.devices.slice(3, 6);
      for (const device of lively) await nextJob(api, training, device);
      const drawn = new Set<string>();
      for (let round = 0; round < 25; round++) {
        const job = await newJob(api, training);
        for (const id of (await getJob(api, training, job)).devices) drawn.add(id as string);
        await cancelJob(api, training, job);
      }
      expect([...drawn].sort()).toEqual(lively.map(({ id }) => id).sort());
      // More than were seen: they are among those drawn.
      const { devices } = await getJob(api, training, await newJob(api, training, { num_devices: 5 }));
      expect(devices).toEqual(expect.arrayContaining(lively.map(({ id }) => id)));
    });

    it('when others were seen by another server, as the database tells', async () => {
      const training = await newTraining(api, 6);
      await pass(10 * MINUTE_MS);
      await api.ctx.db.prisma.apiKey.updateMany({ where: { deviceId: training.devices[4]!.id }, data: { lastUsedAt: clock.now() } });
      expect((await getJob(api, training, await newJob(api, training))).devices).toEqual([training.devices[4]!.id]);
    });

    it('in the place of another one, when some were seen lately', async () => {
      const training = await newTraining(api, 8);
      await pass(10 * MINUTE_MS);
      const [first, second] = training.devices;
      await nextJob(api, training, first!);
      const job = await newJob(api, training);
      await nextJob(api, training, second!);
      await reportFailure(api, training, job, first!);
      expect((await getJob(api, training, job)).devices).toEqual([second!.id]);
    });
  });
});
