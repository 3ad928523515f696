import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceSilentDevices } from '../../src/engine/watch-jobs.js';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { cancelJob, deleteDevice, drawnFor, getJob, heartbeat, newDevice, newJob, newTraining, nextJob, reportFailure, type TestDevice, type Training } from '../support/training.js';

const SECOND_MS = 1_000;

describe.each(databases)('device/list and device/get on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock, background: true });
  });
  afterAll(() => api.close());

  const list = (project: string, query = '') => send(api, 'GET', `/v1/device/list/${project}?${query}`, { key: api.adminKey });
  const idsOf = async (project: string, query = '') => (await list(project, query)).body.data.map(({ device_id }: { device_id: string }) => device_id) as string[];
  const get = async (project: string, { id }: Pick<TestDevice, 'id'>) => (await send(api, 'GET', `/v1/device/get/${project}/${id}`, { key: api.adminKey })).body;
  const create = async (project: string, more: object = {}): Promise<TestDevice> => {
    const { body, text, status } = await send(api, 'POST', '/v1/device/create', { key: api.adminKey, json: { project_id: project, ...more } });
    expect(status, text).toBe(200);
    return { id: body.device_id as string, key: body.device_api_key as string };
  };
  const update = (project: string, { id }: TestDevice, changes: object) => send(api, 'POST', '/v1/device/update', { key: api.adminKey, json: { project_id: project, device_id: id, ...changes } });
  const seen = (project: string, { key }: TestDevice, agent = 'a test/1.0') => send(api, 'GET', `/v1/device/next_job/${project}`, { key, headers: { 'User-Agent': agent } });

  it('show a device as it was registered', async () => {
    const project = await newProject(api);
    const plain = await create(project);
    await clock.advance(1);
    const named = await create(project, { device_name: 'Lab 3', labels: ['gpu', 'berlin'], config: { data: '/mnt/a' }, ephemeral: true });
    const row = { status: 'idle', presence: 'never', last_seen_at: null, seen_ago_sec: null, agent: null, current: null, last_failure: null, created_at: expect.any(String) };
    const rows = [
      { device_id: named.id, name: 'Lab 3', labels: ['berlin', 'gpu'], config: { data: '/mnt/a' }, ephemeral: true, ...row },
      { device_id: plain.id, name: null, labels: [], config: {}, ephemeral: false, ...row },
    ];
    expect((await list(project)).body).toEqual({ data: rows, next_cursor: null });
    expect(await get(project, named)).toEqual(rows[0]);
  });

  it('show its new name and labels, and find it by them', async () => {
    const project = await newProject(api);
    const [one, other] = [await create(project, { device_name: 'Größe 1', labels: ['gpu'] }), await create(project)];
    expect((await update(project, one, { labels: ['cpu', 'x,y'] })).body).toEqual({});
    expect(await get(project, one)).toMatchObject({ name: 'Größe 1', labels: ['cpu', 'x,y'] });
    await update(project, one, { device_name: 'ZWEI' });
    expect([await idsOf(project, 'q=zwe'), await idsOf(project, 'q=gr'), await idsOf(project, 'label=cpu'), await idsOf(project, 'label=gpu'), await idsOf(project, `q=${other.id.slice(0, 30)}`)]).toEqual([[one.id], [], [one.id], [], [other.id]]);
    await update(project, one, { device_name: null, labels: [] });
    expect(await get(project, one)).toMatchObject({ name: null, labels: [] });
    await deleteDevice(api, { project, experiment: '', devices: [] }, one);
    expect([(await get(project, one)).code, (await update(project, one, { device_name: 'x' })).body.code]).toEqual(['device_not_found', 'device_not_found']);
  });

  it('say whether it is there: never seen, online, and offline two and a half minutes after it was seen last', async () => {
    const project = await newProject(api);
    const device = await create(project);
    expect(await get(project, device)).toMatchObject({ presence: 'never', seen_ago_sec: null });
    await seen(project, device, 'worker/9');
    // It is known before it is written down.
    expect(await get(project, device)).toMatchObject({ presence: 'online', seen_ago_sec: 0 });
    await clock.advance(20 * SECOND_MS);
    expect(await get(project, device)).toMatchObject({ presence: 'online', seen_ago_sec: expect.closeTo(20, 0), agent: 'worker/9', last_seen_at: expect.any(String) });
    // A server of PostgreSQL follows the database's clock, which does not step, by a few hundredths of a second.
    await clock.advance(129 * SECOND_MS);
    expect(await get(project, device)).toMatchObject({ presence: 'online', seen_ago_sec: expect.closeTo(149, 0) });
    await clock.advance(2 * SECOND_MS);
    expect(await get(project, device)).toMatchObject({ presence: 'offline', seen_ago_sec: expect.closeTo(151, 0) });
    // Long forgotten by the process, and not by the database.
    await clock.advance(3_600 * SECOND_MS);
    expect(await get(project, device)).toMatchObject({ presence: 'offline', seen_ago_sec: expect.closeTo(3_751, -1) });
  });

  it('do not mind that somebody sets the clock', async () => {
    const project = await newProject(api);
    const device = await create(project);
    await seen(project, device);
    await clock.advance(20 * SECOND_MS);
    clock.set(3_600 * SECOND_MS);
    expect(await get(project, device)).toMatchObject({ presence: 'online', seen_ago_sec: expect.closeTo(20, 0) });
    clock.set(-7_200 * SECOND_MS);
    expect(await get(project, device)).toMatchObject({ presence: 'online', seen_ago_sec: expect.closeTo(20, 0) });
    clock.set(3_600 * SECOND_MS);
  });

  it('say what it is at, that a job waits for it in vain, and why one gave it up', async () => {
    const training = await newTraining(api, 2);
    const { project } = training;
    const job = await newJob(api, training);
    const [one] = drawnFor(training, await getJob(api, training, job)) as [TestDevice];
    const other = training.devices.find((device) => device !== one)!;
    expect(await get(project, one)).toMatchObject({ status: 'busy', presence: 'never', current: { job_id: job, experiment_id: training.experiment, sequence: 1, state: 'drawn' } });
    await nextJob(api, training, one);
    expect(await get(project, one)).toMatchObject({ status: 'busy', presence: 'online', current: { state: 'training' } });
    expect([await idsOf(project, 'status=busy'), await idsOf(project, 'status=idle'), await idsOf(project, 'presence=online')]).toEqual([[one.id], [other.id], [one.id]]);
    await clock.advance(31 * SECOND_MS);
    expect(await get(project, one)).toMatchObject({ presence: 'late', current: { state: 'late' }, seen_ago_sec: expect.closeTo(31, 0) });
    expect(await idsOf(project, 'presence=late')).toEqual([one.id]);
    await heartbeat(api, training, job, one);
    expect(await get(project, one)).toMatchObject({ presence: 'online' });
    await reportFailure(api, training, job, one, 'battery low');
    expect(await get(project, one)).toMatchObject({ status: 'idle', current: null, last_failure: { job_id: job, reason: 'battery low', at: expect.any(String) } });
    await nextJob(api, training, other);
    await clock.advance(61 * SECOND_MS);
    await replaceSilentDevices(api.ctx);
    expect(await get(project, other)).toMatchObject({ last_failure: { job_id: job, reason: 'its lease lapsed' } });
    // The last one counts.
    await clock.advance(SECOND_MS);
    const again = await newJob(api, training);
    const [drawnAgain] = (await getJob(api, training, again)).devices as [string];
    const last = [one, other].find(({ id }) => id === drawnAgain)!;
    await reportFailure(api, training, again, last, 'the fan is loud');
    expect(await get(project, last)).toMatchObject({ last_failure: { job_id: again, reason: 'the fan is loud' } });
    await cancelJob(api, training, again);
  });

  it('show each device once, whatever the page, and as a straightforward search has them', async () => {
    const random = seededRandom(testSeed(`device/list on ${database}`));
    const below = (n: number) => Math.floor(random() * n);
    const training = await newTraining(api, 0);
    const { project } = training;
    const { prisma } = api.ctx.db;
    const now = api.ctx.timebase.now().getTime();
    const made = Array.from({ length: 140 }, () => ({
      id: api.ctx.newId(),
      projectId: project,
      createdAt: new Date(1_700_000_000_000 + below(30)),
      name: random() < 0.5 ? `Device ${below(5)}` : null,
      seenAt: random() < 0.3 ? null : new Date(now - below(300) * SECOND_MS),
    }));
    await prisma.device.createMany({ data: made.map((row) => ({ ...row, searchName: row.name?.toLowerCase() ?? null })) });
    const labelled = made.filter(() => random() < 0.3).map(({ id }) => id);
    await prisma.deviceLabel.createMany({ data: labelled.map((deviceId) => ({ deviceId, label: 'gpu', projectId: project })) });
    // Some are drawn for a job, and those that have not come for a minute are late.
    const drawn = made.filter(() => random() < 0.4).map(({ id }) => id);
    const job = api.ctx.newId();
    const start = await prisma.storedModel.findFirstOrThrow({ where: { experimentId: training.experiment } });
    await prisma.job.create({
      data: { id: job, projectId: project, experimentId: training.experiment, sequence: 1, status: 'IN_PROGRESS', version: 1, numDevices: 1, numBufferDevices: 0, deviceSelectionStrategy: 'RANDOM', terminationCriteria: '[]', updatesReceived: 0, startModelId: start.id, createdAt: new Date(now), startedAt: new Date(now) },
    });
    const late = new Set(drawn.filter(() => random() < 0.5));
    await prisma.jobDevice.createMany({ data: drawn.map((deviceId, position) => ({ jobId: job, deviceId, position, state: 'DRAWN' as const, awaitedSince: new Date(now - (late.has(deviceId) ? 90 : 30) * SECOND_MS) })) });
    const presenceOf = ({ id, seenAt }: (typeof made)[number]) => {
      if (!seenAt) return 'never';
      if (now - seenAt.getTime() > 150 * SECOND_MS) return 'offline';
      return late.has(id) ? 'late' : 'online';
    };
    const sorted = made.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime() || (one.id < other.id ? 1 : -1));
    for (let round = 0; round < 40; round++) {
      const [presence, status, label, q] = [
        random() < 0.6 && ['online', 'late', 'offline', 'never'][below(4)],
        random() < 0.4 && ['idle', 'busy'][below(2)],
        random() < 0.3 && 'gpu',
        random() < 0.3 && ['device', 'DEVICE 3', 'e 1', made[below(140)]!.id.slice(0, 2)][below(4)]!,
      ];
      const expected = sorted
        .filter((row) => !presence || presenceOf(row) === presence)
        .filter(({ id }) => !status || (status === 'busy') === drawn.includes(id))
        .filter(({ id }) => !label || labelled.includes(id))
        .filter(({ id, name }) => !q || name?.toLowerCase().includes(q.toLowerCase()) === true || id.startsWith(q))
        .map(({ id }) => id);
      const limit = [1, 7, 50, 139, 140, 200][below(6)]!;
      const query = Object.entries({ presence, status, label, q, limit }).flatMap(([name, value]) => (value === false ? [] : [`${name}=${encodeURIComponent(String(value))}`]));
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { status: code, body } = await list(project, `${query.join('&')}${cursor && `&cursor=${cursor}`}`);
        expect(code).toBe(200);
        found.push(...body.data.map(({ device_id }: { device_id: string }) => device_id));
        cursor = body.next_cursor as string | null;
        if (cursor !== null) expect(body.data).toHaveLength(limit);
      }
      expect(found, query.join('&')).toEqual(expected);
    }
  });

  describe('an ephemeral device', () => {
    const isThere = async (project: string, device: TestDevice) => (await get(project, device)).device_id === device.id;
    const pass = async (seconds: number) => clock.advance(seconds * SECOND_MS);

    it('is deleted ten minutes after it was seen last, its key with it, and no other device is', async () => {
      const project = await newProject(api);
      const [gone, kept, lasting] = [await create(project, { ephemeral: true }), await create(project, { ephemeral: true }), await create(project)];
      for (const device of [gone, kept, lasting]) await seen(project, device);
      for (let minute = 0; minute < 9; minute++) {
        await pass(60);
        await seen(project, kept);
      }
      await pass(55);
      expect([await isThere(project, gone), await isThere(project, kept)]).toEqual([true, true]);
      await pass(20);
      await seen(project, kept);
      expect([await isThere(project, gone), await isThere(project, kept), await isThere(project, lasting)]).toEqual([false, true, true]);
      expect((await seen(project, gone)).body.code).toBe('key_invalid');
    });

    it('that was never seen is deleted ten minutes after it was registered, whatever the time of day is set to', async () => {
      const project = await newProject(api);
      const device = await create(project, { ephemeral: true });
      clock.set(3_600 * SECOND_MS);
      await pass(590);
      expect(await isThere(project, device)).toBe(true);
      clock.set(-3_600 * SECOND_MS);
      await pass(20);
      expect(await isThere(project, device)).toBe(false);
    });

    it('is replaced in the job that waits for it', async () => {
      const training: Training = await newTraining(api, 0);
      const device = await create(training.project, { ephemeral: true });
      const job = await newJob(api, training, { device_timeout_sec: 3_600 });
      const other = await newDevice(api, training.project);
      await pass(610);
      expect((await getJob(api, training, job)).devices).toEqual([other.id]);
      expect(await isThere(training.project, device)).toBe(false);
      await cancelJob(api, training, job);
    });

    it('gets ten minutes when the server was away, as it could not be heard', async () => {
      const project = await newProject(api);
      const device = await create(project, { ephemeral: true });
      await seen(project, device);
      await pass(70);
      await clock.suspend(3_600 * SECOND_MS);
      await pass(590);
      expect(await isThere(project, device)).toBe(true);
      await pass(30);
      expect(await isThere(project, device)).toBe(false);
    });
  });

  it('400 for a presence that there is not, 404 for a device of another project', async () => {
    const [one, other] = [await newProject(api), await newProject(api)];
    const device = await create(one);
    expect((await list(one, 'presence=here')).body.errors?.[0]?.path).toBe('/query/presence');
    expect((await get(other, device)).code).toBe('device_not_found');
  });
});
