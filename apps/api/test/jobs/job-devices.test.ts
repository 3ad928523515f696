import { standings } from '@vergeai/domain';
import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceSilentDevices } from '../../src/engine/watch-jobs.js';
import { openOverduePlaces } from '../../src/engine/watch-places.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { cancelJob, deleteDevice, drawnFor, getJob, heartbeat, jobWith, model, newJob, newTraining, nextJob, reportFailure, submitUpdate, type TestDevice, type Training } from '../support/training.js';

const SECOND_MS = 1_000;

interface Row {
  readonly device_id: string;
  readonly state: string;
  readonly [name: string]: unknown;
}

describe.each(databases)('the devices of a job on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterAll(() => api.close());

  const list = ({ project }: Pick<Training, 'project'>, job: string, query = '') => send(api, 'GET', `/v1/job/devices/${project}/${job}?${query}`, { key: api.adminKey });
  const rowsOf = async (training: Training, job: string, query = ''): Promise<Row[]> => (await list(training, job, query)).body.data;
  const rowOf = async (training: Training, job: string, { id }: TestDevice): Promise<Row> => (await rowsOf(training, job)).find(({ device_id }) => device_id === id)!;
  const countsOf = async ({ project }: Training, job: string) => (await send(api, 'GET', `/v1/job/describe/${project}/${job}`, { key: api.adminKey })).body.device_counts;
  const drawn = async (training: Training, job: string) => drawnFor(training, await getJob(api, training, job));
  const beat = ({ project }: Training, job: string, { key }: TestDevice, progress: object) => send(api, 'POST', '/v1/device/heartbeat', { key, json: { project_id: project, job_id: job, progress } });
  const iso = () => clock.now().toISOString();

  it('are shown one after the other as they are drawn, train, upload and submit', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const drawnAt = iso();
    const job = await newJob(api, training);
    expect(await rowsOf(training, job)).toEqual([
      {
        device_id: device!.id, device_name: null, position: 0, state: 'drawn', drawn_at: drawnAt, leased_at: null, lease_expires_at: expect.any(String), heartbeat_at: null, late_since: null,
        progress: null, submitted_at: null, num_examples: null, metrics: {}, update: null, ended_at: null, reason: null, reason_code: null, replaced_by: null, replaces: null,
      },
    ]);
    await clock.advance(5 * SECOND_MS);
    const leasedAt = iso();
    await nextJob(api, training, device!);
    expect(await rowOf(training, job, device!)).toMatchObject({ state: 'training', drawn_at: drawnAt, leased_at: leasedAt, progress: null });
    await clock.advance(5 * SECOND_MS);
    await beat(training, job, device!, { fraction: 0.25, metrics: { loss: 0.5 } });
    await heartbeat(api, training, job, device!);
    expect(await rowOf(training, job, device!)).toMatchObject({ state: 'training', leased_at: leasedAt, progress: { fraction: 0.25, step: null, metrics: { loss: 0.5 } } });
    // Only the last one is kept.
    await beat(training, job, device!, { step: 9 });
    expect(await rowOf(training, job, device!)).toMatchObject({ progress: { fraction: null, step: 9, metrics: {} } });
    await send(api, 'POST', '/v1/device/submit_model_update', { key: device!.key, json: { project_id: training.project, job_id: job } });
    expect(await rowOf(training, job, device!)).toMatchObject({ state: 'uploading' });
    // It begins anew: nothing is known of how far it is.
    await nextJob(api, training, device!);
    expect(await rowOf(training, job, device!)).toMatchObject({ state: 'training', leased_at: iso(), progress: null });
    await submitUpdate(api, training, job, device!, model(1), { num_examples: 3, metrics: { loss: 0.125 } });
    expect(await rowOf(training, job, device!)).toMatchObject({
      state: 'submitted', lease_expires_at: null, submitted_at: iso(), num_examples: 3, metrics: { loss: 0.125 }, update: { size: JSON.stringify(model(1)).length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await jobWith(api, training, job, 'COMPLETED');
    expect(await countsOf(training, job)).toMatchObject({ submitted: 1, unused: 0 });
  });

  it('are late when nothing was heard of them for 30 seconds, or they have not come for 60, and no longer once they are heard', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    const [here, absent] = await drawn(training, job);
    await nextJob(api, training, here!);
    const heardAt = api.ctx.timebase.now().getTime();
    await clock.advance(30 * SECOND_MS - 1);
    expect((await rowsOf(training, job)).map(({ state }) => state)).toEqual(['training', 'drawn']);
    await clock.advance(1);
    expect(await rowOf(training, job, here!)).toMatchObject({ state: 'late', late_since: new Date(heardAt + 30 * SECOND_MS).toISOString() });
    await heartbeat(api, training, job, here!);
    expect(await rowOf(training, job, here!)).toMatchObject({ state: 'training', late_since: null });
    await clock.advance(30 * SECOND_MS - 1);
    expect(await rowOf(training, job, absent!)).toMatchObject({ state: 'drawn' });
    await clock.advance(1);
    expect(await rowOf(training, job, absent!)).toMatchObject({ state: 'late', late_since: new Date(heardAt + 60 * SECOND_MS).toISOString() });
    expect(await rowsOf(training, job, 'state=late')).toHaveLength(2);
    expect(await countsOf(training, job)).toMatchObject({ late: 2, training: 0, drawn: 0 });
    await cancelJob(api, training, job);
  });

  it('that were given up say why and who came in their place; who came says in whose', async () => {
    const training = await newTraining(api, 4);
    const job = await newJob(api, training, { num_devices: 2 });
    const [one, other] = await drawn(training, job);
    await nextJob(api, training, one!);
    await reportFailure(api, training, job, one!, 'battery low');
    const substitute = (await rowOf(training, job, one!))['replaced_by'] as string;
    expect(await rowOf(training, job, one!)).toMatchObject({ state: 'replaced', reason: 'battery low', reason_code: 'reported', ended_at: iso(), lease_expires_at: null });
    expect(await rowOf(training, job, { id: substitute, key: '' })).toMatchObject({ state: 'drawn', position: 2, replaces: one!.id, drawn_at: iso() });
    // It falls silent, and is replaced by the last one.
    await nextJob(api, training, other!);
    await clock.advance(61 * SECOND_MS);
    await replaceSilentDevices(api.ctx);
    expect(await rowOf(training, job, other!)).toMatchObject({ state: 'replaced', reason: 'its lease lapsed', reason_code: 'lease_expired' });
    // Nobody is left for this one.
    await deleteDevice(api, training, { id: substitute, key: '' });
    expect(await rowOf(training, job, { id: substitute, key: '' })).toMatchObject({ state: 'failed', reason_code: 'device_deleted', replaced_by: null, replaces: one!.id });
    expect(await countsOf(training, job)).toMatchObject({ replaced: 2, failed: 1 });
  });

  it('that did not come in time lose their place to one that asks, and may take another one', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 2, device_timeout_sec: 10 });
    const [one, other] = await drawn(training, job);
    const idle = training.devices.find((device) => device !== one && device !== other)!;
    await clock.advance(10 * SECOND_MS);
    await openOverduePlaces(api.ctx);
    await nextJob(api, training, idle);
    const [gone] = (await rowsOf(training, job, 'state=replaced')) as [Row];
    expect(gone).toMatchObject({ reason: 'it did not come for the job', reason_code: 'never_came', replaced_by: idle.id });
    const back = [one!, other!].find(({ id }) => id === gone.device_id)!;
    const stillAway = [one!, other!].find(({ id }) => id !== gone.device_id)!;
    await nextJob(api, training, back);
    expect(await rowOf(training, job, back)).toMatchObject({ state: 'training', reason: null, reason_code: null, ended_at: null, replaced_by: null, replaces: stillAway.id, drawn_at: iso() });
    expect(await rowOf(training, job, stillAway)).toMatchObject({ state: 'replaced', replaced_by: back.id });
    await cancelJob(api, training, job);
  });

  it('that a job ended without are unused, and those of one in the queue are drawn', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_devices: 1, num_buffer_devices: 2 });
    const queued = await newJob(api, training);
    const [first, second] = await drawn(training, job);
    await nextJob(api, training, second!);
    await submitUpdate(api, training, job, first!, model(1));
    await jobWith(api, training, job, 'COMPLETED');
    expect(await countsOf(training, job)).toEqual({ drawn: 0, training: 0, uploading: 0, submitted: 1, late: 0, failed: 0, replaced: 0, unused: 2 });
    await clock.advance(61 * SECOND_MS);
    const last = await newJob(api, training, { num_devices: 2 });
    expect(await countsOf(training, last)).toMatchObject({ drawn: 2, late: 0 });
    expect(await countsOf(training, queued)).toMatchObject({ late: 1 });
  });

  it('are the same whatever the page, each once, and as a straightforward count has them', async () => {
    const random = seededRandom(testSeed(`job/devices on ${database}`));
    const below = (n: number) => Math.floor(random() * n);
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const { prisma } = api.ctx.db;
    const now = api.ctx.timebase.now().getTime();
    const [states, count] = [['DRAWN', 'LEASED', 'SUBMITTED', 'REPLACED'] as const, 230];
    const ids = Array.from({ length: count }, () => api.ctx.newId());
    await prisma.device.createMany({ data: ids.map((id) => ({ id, projectId: training.project, createdAt: new Date(now) })) });
    const made = ids.map((deviceId) => ({
      jobId: job,
      deviceId,
      // Several of one position, so that their ids decide.
      position: 1 + below(100),
      state: states[below(4)]!,
      awaitedSince: new Date(now - below(120) * SECOND_MS),
      heartbeatAt: random() < 0.2 ? null : new Date(now - below(60) * SECOND_MS),
      uploadingAt: random() < 0.3 ? new Date(now) : null,
      replacedById: random() < 0.5 ? ids[below(count)]! : null,
    }));
    await prisma.jobDevice.createMany({ data: made });
    const standingOf = ({ state, awaitedSince, heartbeatAt, uploadingAt, replacedById }: (typeof made)[number]) => {
      if (state === 'REPLACED') return replacedById ? 'replaced' : 'failed';
      if (state === 'SUBMITTED') return 'submitted';
      const silentFor = state === 'LEASED' ? heartbeatAt && now - heartbeatAt.getTime() - 30 * SECOND_MS : now - awaitedSince.getTime() - 60 * SECOND_MS;
      if (silentFor !== null && silentFor >= 0) return 'late';
      return uploadingAt ? 'uploading' : state === 'LEASED' ? 'training' : 'drawn';
    };
    const expected = [
      { id: training.devices[0]!.id, state: 'drawn' },
      ...made.toSorted((one, other) => one.position - other.position || (one.deviceId < other.deviceId ? -1 : 1)).map((row) => ({ id: row.deviceId, state: standingOf(row) })),
    ];
    const walk = async (limit: number, state?: string) => {
      const seen: { id: string; state: string }[] = [];
      for (let cursor = ''; ; ) {
        const { status, body } = await list(training, job, `limit=${limit}${state ? `&state=${state}` : ''}${cursor && `&cursor=${cursor}`}`);
        expect(status).toBe(200);
        seen.push(...body.data.map((row: Row) => ({ id: row.device_id, state: row.state })));
        if (body.next_cursor === null) return seen;
        expect(body.data).toHaveLength(limit);
        cursor = body.next_cursor as string;
      }
    };
    for (const limit of [1, 50, 100, 101, 1000]) expect(await walk(limit)).toEqual(expected);
    for (const state of standings) for (const limit of [7, 1000]) expect(await walk(limit, state)).toEqual(expected.filter((row) => row.state === state));
    expect(await countsOf(training, job)).toEqual(Object.fromEntries(standings.map((state) => [state, expected.filter((row) => row.state === state).length])));
    await cancelJob(api, training, job);
  });

  it('400 for a state or a cursor that there is not, 404 for a job that there is not', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    for (const [query, path] of [['state=asleep', '/query/state'], ['cursor=x', '/query/cursor'], [`cursor=-1.${'a'.repeat(32)}`, '/query/cursor'], ['limit=1001', '/query/limit']]) {
      const { status, body } = await list(training, job, query);
      expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
    }
    expect((await list(training, 'f'.repeat(32))).body.code).toBe('job_not_found');
    await cancelJob(api, training, job);
  });
});
