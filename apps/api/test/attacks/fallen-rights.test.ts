import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAdmin } from '../../src/start/first-start.js';
import { databases, newExperiment, newProject, newUser, send, startApi, type Reply, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { levels, newMember, removeMember, revoke, updateMember } from '../support/members.js';
import { smallSafetensors } from '../support/models.js';
import { deleteDevice, model, newJob, newTraining, nextJob, submitUpdate } from '../support/training.js';
import { askTicket, expectNothingKept, expectProblem, newPlace, nothingStaged, submitInline, ticketWays } from '../support/uploads.js';

describe.each(databases)('a right counts at the moment of the effect, on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  /** Models are checked only when the gate is open. */
  let gate = Promise.resolve();
  let checking = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, {
      clock,
      change: (ctx) => ({
        ...ctx,
        models: {
          ...ctx.models,
          async inspect(...args) {
            checking++;
            await gate;
            return ctx.models.inspect(...args);
          },
          async compare(...args) {
            checking++;
            await gate;
            return ctx.models.compare(...args);
          },
        },
      }),
    });
  });
  afterAll(() => api.close());

  /** Something happens while the server is checking the model that has just arrived. */
  async function whileChecking(submitting: () => Promise<Reply>, happen: () => Promise<unknown>): Promise<Reply> {
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    try {
      const before = checking;
      const reply = submitting();
      await eventually('the model is being checked', () => checking > before);
      await happen();
      open();
      return await reply;
    } finally {
      open();
    }
  }

  const startModelWays = [
    ['inline', (place: Parameters<typeof submitInline>[1], key: string) => async () => submitInline(api, place, { w: [1] }, key)],
    ...ticketWays.map(([way, upload]) => [way, (place: Parameters<typeof submitInline>[1], key: string) => async () => upload(await askTicket(api, place, key), smallSafetensors())] as const),
  ] as const;

  describe.each(startModelWays)('a start model that comes by %s', (_way, submit) => {
    it.each([
      ['its key is revoked', 401, 'key_invalid', (_project: string, member: { key: string; userId: string }) => revoke(api, member)],
      ['its sender is disabled', 401, 'key_invalid', (_project: string, { userId }: { userId: string }) => send(api, 'POST', '/v1/user/disable', { key: api.adminKey, json: { user_id: userId } })],
      ['its sender may only read', 403, 'permission_denied', (project: string, { userId }: { userId: string }) => updateMember(api, project, userId, levels.READ_ONLY)],
      ['its sender is no member', 404, 'project_not_found', (project: string, { userId }: { userId: string }) => removeMember(api, project, userId)],
    ])('is not taken when %s while it is being checked', async (_what, status, code, fall) => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      expectProblem(await whileChecking(submit(place, member.key), () => fall(place.project, member)), status, code);
      await expectNothingKept(api, place);
    });
  });

  it('an update is not taken when the key of its device falls while it is being checked', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const [device] = training.devices;
    const fall = () => api.ctx.db.prisma.apiKey.updateMany({ where: { deviceId: device!.id }, data: { revokedAt: clock.now() } });
    expectProblem(await whileChecking(() => submitUpdate(api, training, job, device!, model(1)), fall), 401, 'key_invalid');
    expect(await api.ctx.db.prisma.jobUpdate.count({ where: { jobId: job } })).toBe(0);
    await nothingStaged(api);
  });

  it('a device that waits for a job hears at once that it was deleted', async () => {
    const training = await newTraining(api, 1);
    const poll = nextJob(api, training, training.devices[0]!, 60);
    await eventually('it waits', () => clock.waits().includes(10_000));
    await deleteDevice(api, training, training.devices[0]!);
    // The clock stands, so it was told.
    expectProblem(await poll, 401, 'key_invalid');
  });

  it('a device whose key falls while it waits gets no job and no lease', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const poll = nextJob(api, training, device!, 60);
    await eventually('it waits', () => clock.waits().includes(10_000));
    await api.ctx.db.prisma.apiKey.updateMany({ where: { deviceId: device!.id }, data: { revokedAt: clock.now() } });
    const job = await newJob(api, training);
    expectProblem(await poll, 401, 'key_invalid');
    expect((await api.ctx.db.prisma.jobDevice.findFirstOrThrow({ where: { jobId: job } })).state).toBe('DRAWN');
  });

  // SQLite lets one write after the other: there is nothing to wait for in the middle of one.
  it.runIf(database === 'postgresql')('a step that has waited for a lock is not taken by a key that was revoked meanwhile', async () => {
    const project = await newProject(api);
    const member = await newMember(api, project, levels.READ_WRITE);
    const experiment = await newExperiment(api, project);
    await submitInline(api, { project, experiment }, { w: [1] });
    await send(api, 'POST', '/v1/device/create', { key: api.adminKey, json: { project_id: project } });
    const { prisma } = api.ctx.db;
    let reply: Promise<Reply> | undefined;
    await prisma.$transaction(async (tx) => {
      await tx.experiment.update({ where: { id: experiment }, data: { name: 'held' } });
      reply = send(api, 'POST', '/v1/job/create', { key: member.key, json: { project_id: project, experiment_id: experiment, num_devices: 1 } });
      await eventually('it waits for the row', async () => {
        const [row] = await prisma.$queryRawUnsafe<{ waiting: number }[]>(`SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
        return row!.waiting > 0;
      });
      await revoke(api, member);
    }, { timeout: 60_000 });
    expectProblem(await reply!, 401, 'key_invalid');
    expect(await prisma.job.count({ where: { experimentId: experiment } })).toBe(0);
  });
});

describe.each(databases)('BOOTSTRAP_API_KEY on %s', (database) => {
  const other = 'another-bootstrap-key-0123456789abcdef';
  const works = async (api: TestApi, key: string) => (await send(api, 'GET', '/v1/project/list', { key })).status === 200;
  /** What a start with this setting does to the database. */
  const restart = (api: TestApi, bootstrapApiKey: string | undefined) => prepareAdmin({ ...api.ctx, config: { ...api.ctx.config, bootstrapApiKey } });

  async function withServer(work: (api: TestApi) => Promise<void>): Promise<void> {
    const api = await startApi(database, { LOG_LEVEL: 'silent' });
    try {
      await work(api);
    } finally {
      await api.close();
    }
  }

  it.each([
    ['another one takes its place', (api: TestApi) => restart(api, other)],
    ['it is taken away', (api: TestApi) => restart(api, undefined)],
    ['it is revoked', (api: TestApi) => send(api, 'POST', '/v1/auth/revoke', { key: api.adminKey, json: { key_id: 'bootstrap' } })],
  ])('takes the tickets and links that it was given with it when %s', (_how, fall) =>
    withServer(async (api) => {
      const [done, ...places] = [await newPlace(api), await newPlace(api), await newPlace(api)];
      await submitInline(api, done, { w: [1] });
      const { body } = await send(api, 'GET', `/v1/experiment/start_model/${done.project}/${done.experiment}`, { key: api.adminKey });
      const tickets = await Promise.all(places.map((place) => askTicket(api, place)));
      await fall(api);
      expectProblem(await send(api, 'GET', body.model_url as string), 401, 'key_invalid');
      for (const [at, [, upload]] of ticketWays.entries()) expectProblem(await upload(tickets[at]!, smallSafetensors()), 401, 'key_invalid');
    }));

  it('that was revoked stays so at the next start; another one counts', () =>
    withServer(async (api) => {
      await send(api, 'POST', '/v1/auth/revoke', { key: api.adminKey, json: { key_id: 'bootstrap' } });
      await restart(api, api.adminKey);
      expect(await works(api, api.adminKey)).toBe(false);
      await restart(api, other);
      expect([await works(api, api.adminKey), await works(api, other)]).toEqual([false, true]);
    }));

  it('counts for as long as it is set', () =>
    withServer(async (api) => {
      await restart(api, undefined);
      expect(await works(api, api.adminKey)).toBe(false);
      await restart(api, api.adminKey);
      expect(await works(api, api.adminKey)).toBe(true);
    }));

  it('need not be known to a process that answers no requests', () =>
    withServer(async (api) => {
      await prepareAdmin({ ...api.ctx, config: { ...api.ctx.config, bootstrapApiKey: undefined, role: 'worker' } });
      expect(await works(api, api.adminKey)).toBe(true);
    }));

  it('leaves the keys that it has made alone when it ends', () =>
    withServer(async (api) => {
      const { key } = await newUser(api);
      await restart(api, undefined);
      expect(await works(api, key)).toBe(true);
    }));
});
