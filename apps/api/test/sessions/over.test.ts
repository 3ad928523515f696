import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareAdmin } from '../../src/start/first-start.js';
import { databases, newUser, send, startApi, type Reply, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { listen } from '../support/listen.js';
import { levels, newMember, removeMember, type Person } from '../support/members.js';
import { signIn, type SignedIn } from '../support/sign-in.js';
import { newTraining } from '../support/training.js';
import { expectNothingKept, expectProblem, newPlace } from '../support/uploads.js';

interface Case {
  readonly user: Person;
  readonly session: SignedIn;
}

describe.each(databases)('a session ends at once, on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  /** Models are checked only when the gate is open. */
  let gate = Promise.resolve();
  let checking = 0;
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, {
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
        },
      }),
    });
  });
  afterAll(() => api.close());

  const byAdmin = (operation: string, json: object) => send(api, 'POST', `/v1/${operation}`, { key: api.adminKey, json });
  const keyIdOf = ({ key }: Person) => key.split('_')[1]!;
  /** Each with whether its key ends with it. */
  const endings: ReadonlyArray<readonly [string, (of: Case) => Promise<unknown>]> = [
    ['it is revoked', ({ user, session }) => send(api, 'POST', '/v1/auth/revoke_session', { key: user.key, json: { session_id: session.id } })],
    ['it is deleted', ({ session }) => send(api, 'POST', '/v1/auth/delete_session', { headers: session.headers, json: {} })],
    ['its key is revoked', ({ user }) => send(api, 'POST', '/v1/auth/revoke', { key: user.key, json: { key_id: keyIdOf(user) } })],
    ['its key is revoked by itself', ({ user, session }) => send(api, 'POST', '/v1/auth/revoke', { headers: session.headers, json: { key_id: keyIdOf(user) } })],
    ['its key expires', ({ user }) => api.ctx.db.prisma.apiKey.update({ where: { id: keyIdOf(user) }, data: { expiresAt: clock.now() } })],
    ["its user's key is reset", ({ user }) => byAdmin('user/reset_key', { user_id: user.userId })],
    ['its user is disabled', ({ user }) => byAdmin('user/disable', { user_id: user.userId })],
  ];

  describe.each(endings)('when %s', (_how, end) => {
    it('for requests', async () => {
      const user = await newUser(api);
      const session = await signIn(api, user);
      await end({ user, session });
      expectProblem(await send(api, 'GET', '/v1/auth/whoami', { headers: session.headers }), 401, 'session_invalid');
    });

    it('for an open event stream', async () => {
      const training = await newTraining(api, 0);
      const user = await newMember(api, training.project, levels.READ_ONLY);
      const session = await signIn(api, user);
      const stream = await listen(api, training, { headers: session.headers });
      await eventually('the past is told', () => stream.events.length === 2);
      await clock.advance(10_000);
      await eventually('it has looked and goes on', () => stream.comments() > 0);
      expect(stream.isOver()).toBe(false);
      await end({ user, session });
      await clock.advance(10_000);
      await eventually('it is over', () => stream.isOver());
      expectProblem(await send(api, 'GET', `/v1/experiment/events/${training.project}/${training.experiment}`, { headers: { ...session.headers, Accept: 'text/event-stream' } }), 401, 'session_invalid');
    });

    it('for a model that is still being checked', async () => {
      const place = await newPlace(api);
      const user = await newMember(api, place.project, levels.READ_WRITE);
      const session = await signIn(api, user);
      let open = () => {};
      gate = new Promise((resolve) => (open = resolve));
      try {
        const before = checking;
        const reply = send(api, 'POST', '/v1/experiment/submit_start_model', { headers: session.headers, json: { project_id: place.project, experiment_id: place.experiment, model: { w: [1] } } });
        await eventually('the model is being checked', () => checking > before);
        await end({ user, session });
        open();
        expectProblem(await reply, 401, 'session_invalid');
      } finally {
        open();
      }
      await expectNothingKept(api, place);
    });
  });

  it('for good when its user is disabled: enabled again, their keys count and their sessions do not', async () => {
    const user = await newUser(api);
    const session = await signIn(api, user);
    await byAdmin('user/disable', { user_id: user.userId });
    await byAdmin('user/enable', { user_id: user.userId });
    expect((await send(api, 'GET', '/v1/auth/whoami', { key: user.key })).status).toBe(200);
    expectProblem(await send(api, 'GET', '/v1/auth/whoami', { headers: session.headers }), 401, 'session_invalid');
  });

  it('only where its own right ends: who may no longer see a project stays signed in', async () => {
    const { project } = await newPlace(api);
    const user = await newMember(api, project, levels.READ_ONLY);
    const session = await signIn(api, user);
    await removeMember(api, project, user.userId);
    expectProblem(await send(api, 'GET', `/v1/project/get/${project}`, { headers: session.headers }), 404, 'project_not_found');
    expect((await send(api, 'GET', '/v1/auth/whoami', { headers: session.headers })).status).toBe(200);
  });

  // SQLite lets one write after the other: there is nothing to wait for in the middle of one.
  it.runIf(database === 'postgresql')('for a step that has waited for a lock', async () => {
    const user = await newUser(api);
    const session = await signIn(api, user);
    const { body } = await send(api, 'POST', '/v1/project/create', { headers: session.headers, json: { project_name: 'mine' } });
    const member = await newUser(api);
    const { prisma } = api.ctx.db;
    let reply: Promise<Reply> | undefined;
    await prisma.$transaction(async (tx) => {
      await tx.project.update({ where: { id: body.project_id }, data: { name: 'held' } });
      reply = send(api, 'POST', '/v1/project/add_member', { headers: session.headers, json: { project_id: body.project_id, user_id: member.userId, permission_level: 1 } });
      await eventually('it waits for the row', async () => {
        const [row] = await prisma.$queryRawUnsafe<{ waiting: number }[]>(`SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
        return row!.waiting > 0;
      });
      await send(api, 'POST', '/v1/auth/revoke_session', { key: user.key, json: { session_id: session.id } });
    }, { timeout: 60_000 });
    expectProblem(await reply!, 401, 'session_invalid');
    expect(await prisma.member.count({ where: { projectId: body.project_id } })).toBe(1);
  });
});

it.each(databases)('a session of BOOTSTRAP_API_KEY ends when another one takes its place, on %s', async (database) => {
  const api = await startApi(database, { LOG_LEVEL: 'silent' });
  try {
    const session = await signIn(api, { key: api.adminKey });
    const key = 'another-bootstrap-key-0123456789abcdef';
    await prepareAdmin({ ...api.ctx, config: { ...api.ctx.config, bootstrapApiKey: key } });
    expectProblem(await send(api, 'GET', '/v1/auth/whoami', { headers: session.headers }), 401, 'session_invalid');
    expect((await send(api, 'GET', '/v1/auth/sessions', { key })).body.data).toEqual([]);
    expect((await send(api, 'GET', '/v1/auth/whoami', { headers: (await signIn(api, { key })).headers })).status).toBe(200);
  } finally {
    await api.close();
  }
});
