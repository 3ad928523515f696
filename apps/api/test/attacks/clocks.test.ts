import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually, startServer } from '@vergeai/testkit';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { withAggregator } from '../support/aggregators.js';
import { databases, startApi, type OtherParts, type TestApi } from '../support/api.js';
import { testClock, type TestClock } from '../support/clock.js';
import { eventsOf, getJob, heartbeat, jobWith, model, newJob, newTraining, nextJob, submitUpdate, type TestDevice, type Training } from '../support/training.js';

const HOUR = 3_600_000;
const deadlineOf = (seconds: number) => ({ termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: seconds }] });

describe.each(databases)('on %s', { timeout: 120_000 }, (database) => {
  let open: TestApi[] = [];
  afterEach(async () => {
    for (const api of open) await api.close();
    open = [];
  });
  const start = async (clock: TestClock, more: OtherParts = {}, env: Record<string, string> = {}) => {
    const api = await startApi(database, env, { clock, background: true, ...more });
    open.push(api);
    return api;
  };
  const takenBy = async (api: TestApi, training: Training, device: TestDevice) => expect((await nextJob(api, training, device)).status).toBe(200);
  const replaced = async (api: TestApi, training: Training) => (await eventsOf(api, training)).filter(({ type }) => type === 'device_replaced').length;

  it('a time of day that is set by an hour, forwards or back, lapses no lease that is kept, and fires no deadline early or late', async () => {
    const clock = testClock();
    const api = await start(clock);
    const training = await newTraining(api, 2);
    const [device] = training.devices as [TestDevice];
    const lonely = { ...training, devices: [device] };
    const job = await newJob(api, training, { num_devices: 2, ...deadlineOf(400) });
    await takenBy(api, lonely, device);
    // Beyond the time that is given to all after a start.
    for (const [at, set] of [0, HOUR, -2 * HOUR, HOUR, 0, HOUR, -HOUR, 0, 0, 0, 0, 0].entries()) {
      clock.set(set);
      await clock.advance(30_000);
      expect([at, (await getJob(api, training, job)).status, await replaced(api, training)]).toEqual([at, 'IN_PROGRESS', 0]);
      expect((await heartbeat(api, training, job, device)).body.is_device_active).toBe(true);
    }
    clock.set(-HOUR);
    await clock.advance(45_000);
    expect((await getJob(api, training, job)).status).toBe('CANCELLED');
  });

  it('a retry waits for its back-off, and not for as long as the clock was wrong', async () => {
    const clock = testClock();
    let failures = 0;
    const change = withAggregator(async (real, ...args) => {
      if (failures++ === 0) throw new Error('fails once, by a test');
      return real.aggregate(...args);
    });
    const api = await start(clock, { change });
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    clock.set(HOUR);
    expect((await submitUpdate(api, training, job, training.devices[0]!, model(1))).status).toBe(204);
    await eventually('it has failed once', async () => (await api.ctx.db.prisma.task.findFirst())?.failures === 1);
    clock.set(-HOUR);
    await clock.advance(3_000);
    await jobWith(api, training, job, 'COMPLETED');
  });

  it('a server that was suspended for minutes gives its devices the time to be heard, and only then judges who is silent', async () => {
    const clock = testClock();
    const api = await start(clock);
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    for (const device of training.devices) await takenBy(api, training, device);
    for (let n = 0; n < 3; n++) {
      await clock.advance(30_000);
      for (const device of training.devices) await heartbeat(api, training, job, device);
    }
    await clock.suspend(300_000);
    await clock.advance(2_000);
    expect([(await getJob(api, training, job)).status, await replaced(api, training)]).toEqual(['IN_PROGRESS', 0]);
    expect((await heartbeat(api, training, job, training.devices[0]!)).body.is_device_active).toBe(true);
    await clock.advance(40_000);
    await heartbeat(api, training, job, training.devices[0]!);
    await clock.advance(30_000);
    expect(await replaced(api, training)).toBe(1);
  });

  it('what was written by a clock that was an hour ahead is brought back by the next start: a lease, a deadline and a retry', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-clocks-'));
    try {
      const env = { DATA_DIR: folder, ...(database === 'postgresql' && { DATABASE_URL: await createDatabase(inject('postgresUrl')) }) };
      const ahead = await start(testClock(), {}, env);
      const training = await newTraining(ahead, 2);
      const job = await newJob(ahead, training, { num_devices: 1, num_buffer_devices: 1, ...deadlineOf(500) });
      await takenBy(ahead, training, training.devices[0]!);
      const { prisma } = ahead.ctx.db;
      const anHourOn = (date: Date | null) => date && new Date(date.getTime() + HOUR);
      const row = await prisma.job.findUniqueOrThrow({ where: { id: job } });
      await prisma.job.update({ where: { id: job }, data: { startedAt: anHourOn(row.startedAt), deadlineAt: anHourOn(row.deadlineAt) } });
      const { leaseExpiresAt } = await prisma.jobDevice.findFirstOrThrow({ where: { state: 'LEASED' } });
      await prisma.jobDevice.updateMany({ where: { state: 'LEASED' }, data: { leaseExpiresAt: anHourOn(leaseExpiresAt) } });
      await ahead.close();
      open = [];
      const clock = testClock();
      const api = await start(clock, {}, env);
      const lease = await api.ctx.db.prisma.jobDevice.findFirstOrThrow({ where: { state: 'LEASED' } });
      expect(lease.leaseExpiresAt!.getTime()).toBeLessThan(Date.now() + 120_000);
      await clock.advance(300_000);
      expect((await getJob(api, training, job)).status).not.toBe('COMPLETED');
      await clock.advance(300_000);
      expect(['CANCELLED', 'FAILED']).toContain((await getJob(api, training, job)).status);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.runIf(database === 'postgresql')('two servers whose times of day are four minutes apart fail no device that either of them hears, and fire no deadline early', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-clocks-'));
    try {
      const env = { DATABASE_URL: await createDatabase(inject('postgresUrl')), STORAGE_URL: `file:${folder}`, SECRET_KEY: 'the-same-secret-for-both-servers-0123456789' };
      const clocks = [testClock(), testClock()] as const;
      clocks[0].set(-120_000);
      clocks[1].set(120_000);
      const [behind, ahead] = [await start(clocks[0], {}, env), await start(clocks[1], {}, env)];
      const pass = (ms: number) => Promise.all(clocks.map((clock) => clock.advance(ms)));
      const training = await newTraining(behind, 2);
      const job = await newJob(behind, training, { num_devices: 2, ...deadlineOf(300) });
      await takenBy(behind, training, training.devices[0]!);
      await takenBy(ahead, training, training.devices[1]!);
      for (let n = 0; n < 9; n++) {
        await pass(30_000);
        expect([n, (await getJob(ahead, training, job)).status, await replaced(ahead, training)]).toEqual([n, 'IN_PROGRESS', 0]);
        await heartbeat(behind, training, job, training.devices[0]!);
        await heartbeat(ahead, training, job, training.devices[1]!);
      }
      await pass(40_000);
      expect((await getJob(behind, training, job)).status).toBe('CANCELLED');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

it('a real server that is stopped by SIGSTOP for longer than a lease fails no device for it', { timeout: 180_000 }, async () => {
  const server = await startServer();
  try {
    const api = { url: server.url, adminKey: server.key, dataDir: server.dataDir } as TestApi;
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    expect((await nextJob(api, training, training.devices[0]!)).status).toBe(200);
    process.kill(server.pid, 'SIGSTOP');
    const frozenAt = performance.now();
    await eventually('its lease would have lapsed', () => performance.now() - frozenAt > 64_000, 70_000);
    process.kill(server.pid, 'SIGCONT');
    const wokenAt = performance.now();
    await eventually('it has looked several times', async () => {
      expect((await getJob(api, training, job)).status).toBe('IN_PROGRESS');
      return performance.now() - wokenAt > 3_000;
    });
    expect((await heartbeat(api, training, job, training.devices[0]!)).body.is_device_active).toBe(true);
  } finally {
    await server.stop();
  }
});
