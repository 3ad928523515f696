import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../../src/upkeep/clean-up.js';
import { recoverSessions } from '../../src/upkeep/recover-sessions.js';
import { writeLastUsed } from '../../src/upkeep/write-last-used.js';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { snapshot } from '../support/rows.js';
import { cookiesOf, newCode, ownPage, signIn, type SignedIn } from '../support/sign-in.js';
import { expectProblem } from '../support/uploads.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

describe.each(databases)('a session on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi(database, {}, { clock });
  });
  afterAll(() => api.close());

  const whoami = ({ headers }: Pick<SignedIn, 'headers'>) => send(api, 'GET', '/v1/auth/whoami', { headers });
  const sessions = async (by: { key?: string; headers?: Record<string, string> }, query = '') => (await send(api, 'GET', `/v1/auth/sessions${query}`, by)).body;
  const byCode = (code: string) => send(api, 'POST', '/v1/auth/create_session', { json: { code } });

  describe('begins', () => {
    it('by a key, and then stands for that key wherever a key counts', async () => {
      const user = await newUser(api);
      const session = await signIn(api, user);
      const { body } = await whoami(session);
      expect(body).toMatchObject({ kind: 'user', user: { user_id: user.userId }, key: { key_id: user.key.split('_')[1] } });
      expect(body.session_expires_at).toBe(session.reply.body.expires_at);
      expect(Date.parse(body.session_expires_at) - api.ctx.timebase.now().getTime()).toBe(7 * DAY);
      const { status, body: project } = await send(api, 'POST', '/v1/project/create', { headers: session.headers, json: { project_name: 'By session' } });
      expect(status).toBe(200);
      expect((await send(api, 'GET', `/v1/project/get/${project.project_id}`, { key: user.key })).status).toBe(200);
    });

    it('by a code, once, as the one who made it', async () => {
      const user = await newUser(api);
      const { status, body } = await send(api, 'POST', '/v1/auth/create_sign_in_code', { key: user.key, json: {} });
      expect(status).toBe(200);
      expect(body).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), url: `${api.url}/sign-in#code=${body.code}`, expires_at: new Date(api.ctx.timebase.now().getTime() + 60_000).toISOString() });
      expect((await whoami(await signIn(api, { code: body.code }))).body.user.user_id).toBe(user.userId);
      expectProblem(await byCode(body.code as string), 401, 'code_invalid');
    });

    it('by a code that a session made, too', async () => {
      const first = await signIn(api, { key: api.adminKey });
      const { body } = await send(api, 'POST', '/v1/auth/create_sign_in_code', { headers: first.headers, json: {} });
      expect((await whoami(await signIn(api, { code: body.code }))).body.key.key_id).toBe('bootstrap');
    });

    it('once, of twenty that come with one code at the same moment', async () => {
      const code = await newCode(api);
      const before = await api.ctx.db.prisma.session.count();
      const replies = await Promise.all(Array.from({ length: 20 }, () => byCode(code)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const reply of replies.filter(({ status }) => status !== 200)) expectProblem(reply, 401, 'code_invalid');
      expect(await api.ctx.db.prisma.session.count()).toBe(before + 1);
    });

    it('not by a code that is older than a minute, unknown, cut off or of a key that does not count any more', async () => {
      const [young, old] = [await newCode(api), await newCode(api)];
      const user = await newUser(api);
      const orphan = await newCode(api, user.key);
      await send(api, 'POST', '/v1/auth/revoke', { key: user.key, json: { key_id: user.key.split('_')[1] } });
      for (const code of [orphan, old.slice(0, -1), `${old}x`, 'x'.repeat(43), 'x'.repeat(100)]) expectProblem(await byCode(code), 401, 'code_invalid');
      await clock.suspend(59_000);
      expect((await byCode(young)).status).toBe(200);
      await clock.suspend(1_000);
      expectProblem(await byCode(old), 401, 'code_invalid');
    });

    it.each([
      ['no key and no code', {}, 401, 'key_missing'],
      ['a wrong key', { key: 'vgu_wrong' }, 401, 'key_invalid'],
      ['a code that is no text', { json: { code: 7 } }, 401, 'code_invalid'],
      ['an empty Authorization', { json: {}, headers: { Authorization: '' } }, 401, 'key_missing'],
    ])('not with %s', async (_what, options, status, code) => {
      expectProblem(await send(api, 'POST', '/v1/auth/create_session', options), status, code);
    });

    it('not with both a key and a code, of which one would be lost', async () => {
      const code = await newCode(api);
      expectProblem(await send(api, 'POST', '/v1/auth/create_session', { key: api.adminKey, json: { code } }), 400, 'invalid_request');
      expect((await byCode(code)).status).toBe(200);
    });

    it('not by a session, which would never end, and not by the key of a device', async () => {
      const { headers } = await signIn(api, { key: api.adminKey });
      expectProblem(await send(api, 'POST', '/v1/auth/create_session', { headers, json: {} }), 401, 'key_missing');
      const { body } = await send(api, 'POST', '/v1/device/create', { key: api.adminKey, json: { project_id: await newProject(api) } });
      expectProblem(await send(api, 'POST', '/v1/auth/create_session', { key: body.device_api_key as string, json: {} }), 403, 'user_key_required');
    });

    it('with a new id every time; the one that the browser had is over', async () => {
      const user = await newUser(api);
      const first = await signIn(api, user);
      const second = await signIn(api, user, { Cookie: first.headers['Cookie']! });
      expect(second.token).not.toBe(first.token);
      expectProblem(await whoami(first), 401, 'session_invalid');
      expect((await whoami(second)).status).toBe(200);
    });

    it('with an id of ours, whatever the browser came with', async () => {
      const chosen = 'c'.repeat(43);
      const { token } = await signIn(api, { key: api.adminKey }, { Cookie: `__Host-verge=${chosen}` });
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(token).not.toBe(chosen);
    });

    it('anew under the same Idempotency-Key: an answer that is kept has no cookie', async () => {
      const again = { key: api.adminKey, json: {}, headers: { 'Idempotency-Key': 'sign me in' } };
      const tokens = [await send(api, 'POST', '/v1/auth/create_session', again), await send(api, 'POST', '/v1/auth/create_session', again)].map((reply) => cookiesOf(reply)[0]!.value);
      expect(new Set(tokens).size).toBe(2);
    });
  });

  it('is kept as a hash, and so is a code', async () => {
    const code = await newCode(api);
    const { token } = await signIn(api, { key: api.adminKey });
    const everything = JSON.stringify(await snapshot(api));
    for (const secret of [token, code, Buffer.from(token, 'base64url').toString('hex')]) expect(everything).not.toContain(secret);
    const { tokenHash } = await api.ctx.db.prisma.session.findFirstOrThrow();
    expectProblem(await whoami({ headers: { ...ownPage, Cookie: `__Host-verge=${tokenHash}` } }), 401, 'session_invalid');
  });

  describe('has a cookie', () => {
    it('that scripts cannot read, that stays on this host, and a plain one for browsers that refuse it on their own machine', async () => {
      const { reply } = await signIn(api, { key: api.adminKey });
      const shared = ['HttpOnly', `Max-Age=${7 * 24 * 60 * 60}`, 'Path=/', 'SameSite=Strict'];
      const [host, plain, ...more] = cookiesOf(reply);
      expect(host).toEqual({ name: '__Host-verge', value: expect.stringMatching(/^[\w-]{43}$/), attributes: [...shared, 'Secure'].sort() });
      expect(plain).toEqual({ name: 'verge', value: host!.value, attributes: shared });
      expect(more).toEqual([]);
      expect((await whoami({ headers: { ...ownPage, Cookie: `other=1; verge=${plain!.value}` } })).status).toBe(200);
    });

    it('that is taken away when the session is deleted, with what the pages stored', async () => {
      const session = await signIn(api, { key: api.adminKey });
      const reply = await send(api, 'POST', '/v1/auth/delete_session', { headers: session.headers, json: {} });
      expect([reply.status, reply.body]).toEqual([200, {}]);
      expect(cookiesOf(reply).map(({ name, value, attributes }) => [name, value, attributes.includes('Max-Age=0')])).toEqual([['__Host-verge', '', true], ['verge', '', true]]);
      expect(reply.headers.get('clear-site-data')).toBe('"storage"');
      expectProblem(await whoami(session), 401, 'session_invalid');
      expectProblem(await send(api, 'POST', '/v1/auth/delete_session', { headers: session.headers, json: {} }), 401, 'session_invalid');
    });

    it('that counts for nothing when it holds anything else', async () => {
      const { token } = await signIn(api, { key: api.adminKey });
      for (const value of [`${token}x`, token.slice(1), token.toUpperCase(), '', 'x', '%00', '"'])
        expectProblem(await whoami({ headers: { ...ownPage, Cookie: `__Host-verge=${value}` } }), 401, 'session_invalid');
    });
  });

  describe('is listed', () => {
    it('newest first, with its browser, to its own person only', async () => {
      const [one, other] = [await newUser(api), await newUser(api)];
      const first = await signIn(api, one, { 'User-Agent': 'Browser/1 (<b>\u00e9)' });
      await clock.suspend(1000);
      const second = await signIn(api, one, { 'User-Agent': 'x'.repeat(1000) });
      await signIn(api, other);
      const page = await sessions({ headers: first.headers });
      expect(page).toEqual({
        data: [
          { session_id: second.id, key_id: one.key.split('_')[1], created_at: clock.now().toISOString(), last_used_at: api.ctx.timebase.now().toISOString(), expires_at: second.reply.body.expires_at, user_agent: 'x'.repeat(300), is_current: false },
          { session_id: first.id, key_id: one.key.split('_')[1], created_at: expect.any(String), last_used_at: expect.any(String), expires_at: first.reply.body.expires_at, user_agent: expect.stringMatching(/^Browser\/1 \(<b>/), is_current: true },
        ],
        next_cursor: null,
      });
      expect((await sessions({ key: one.key })).data.map(({ is_current }: { is_current: boolean }) => is_current)).toEqual([false, false]);
    });

    it('a page at a time, each once', async () => {
      const user = await newUser(api);
      const made = [];
      for (let at = 0; at < 5; at++) {
        if (at % 2 === 0) await clock.suspend(10);
        made.push((await signIn(api, user)).id);
      }
      const seen: string[] = [];
      for (let query = '?limit=2'; ; ) {
        const page = await sessions({ key: user.key }, query);
        seen.push(...page.data.map(({ session_id }: { session_id: string }) => session_id));
        if (!page.next_cursor) break;
        query = `?limit=2&cursor=${page.next_cursor}`;
      }
      expect(seen.toSorted()).toEqual(made.toSorted());
    });

    it('no longer once it is over, whatever ended it', async () => {
      const user = await newUser(api);
      const { body: brief } = await send(api, 'POST', '/v1/auth/create', { key: user.key, json: { expires_in_sec: 3600 } });
      const { body: doomed } = await send(api, 'POST', '/v1/auth/create', { key: user.key, json: {} });
      const byBrief = await signIn(api, { key: brief.key as string });
      await signIn(api, { key: doomed.key as string });
      expect((await sessions({ key: user.key })).data).toHaveLength(2);
      expect(Date.parse(byBrief.reply.body.expires_at as string) - clock.now().getTime()).toBe(HOUR);
      await send(api, 'POST', '/v1/auth/revoke', { key: user.key, json: { key_id: doomed.key.split('_')[1] } });
      expect((await sessions({ key: user.key })).data.map(({ session_id, expires_at }: Record<string, string>) => [session_id, expires_at])).toEqual([[byBrief.id, byBrief.reply.body.expires_at]]);
      await clock.suspend(HOUR);
      expect((await sessions({ key: user.key })).data).toEqual([]);
    });
  });

  describe('is ended', () => {
    it('by its own person, at once, whichever session or key asks', async () => {
      const user = await newUser(api);
      const [one, other] = [await signIn(api, user), await signIn(api, user)];
      const revoke = (session_id: string, by: object) => send(api, 'POST', '/v1/auth/revoke_session', { ...by, json: { session_id } });
      expectProblem(await revoke(one.id, { key: api.adminKey }), 404, 'session_not_found');
      expect((await whoami(one)).status).toBe(200);
      expect((await revoke(one.id, { headers: other.headers })).body).toEqual({});
      expectProblem(await whoami(one), 401, 'session_invalid');
      expectProblem(await revoke(one.id, { headers: other.headers }), 404, 'session_not_found');
      expect((await revoke(other.id, { headers: other.headers })).status).toBe(200);
      expectProblem(await whoami(other), 401, 'session_invalid');
    });

    it('not by a malformed id', async () => {
      for (const session_id of ['', 'x'.repeat(32), 7]) expectProblem(await send(api, 'POST', '/v1/auth/revoke_session', { key: api.adminKey, json: { session_id } }), 400, 'invalid_request');
    });

    it('and leaves a record of who began and ended it, without its secrets', async () => {
      const user = await newUser(api);
      const code = await newCode(api, user.key);
      const { id, token, headers } = await signIn(api, { code });
      await send(api, 'POST', '/v1/auth/delete_session', { headers, json: {} });
      const rows = await api.ctx.db.prisma.auditEvent.findMany({ where: { actorId: user.userId }, orderBy: { id: 'asc' } });
      expect(rows.map(({ action, subjectId, after }) => [action, subjectId, after])).toEqual([
        ['sign_in_code_created', user.key.split('_')[1], null],
        ['session_created', id, '{"by":"code"}'],
        ['session_ended', id, null],
      ]);
      for (const secret of [code, token]) expect(JSON.stringify(rows)).not.toContain(secret);
    });
  });

  describe('is over', () => {
    /** As the background does. */
    const write = () => writeLastUsed(api.ctx, api.lastUsed);

    it('twelve hours after it was used last', async () => {
      const [used, idle] = [await signIn(api, { key: api.adminKey }), await signIn(api, { key: api.adminKey })];
      await clock.suspend(11 * HOUR);
      expect((await whoami(used)).status).toBe(200);
      await write();
      await clock.suspend(HOUR);
      expect((await whoami(used)).status).toBe(200);
      expectProblem(await whoami(idle), 401, 'session_invalid');
    });

    it('seven days after it began, however much it is used', async () => {
      const session = await signIn(api, { key: api.adminKey });
      for (let at = 0; at < 28; at++) {
        expect((await whoami(session)).status).toBe(200);
        await write();
        await clock.suspend(DAY / 4);
      }
      expectProblem(await whoami(session), 401, 'session_invalid');
    });

    it('whatever the time of day is set to meanwhile', async () => {
      const session = await signIn(api, { key: api.adminKey });
      const code = await newCode(api);
      clock.set(30 * DAY);
      expect((await whoami(session)).status).toBe(200);
      expect(cookiesOf((await signIn(api, { key: api.adminKey })).reply)[0]!.attributes).toContain(`Max-Age=${7 * 24 * 60 * 60}`);
      clock.set(-60 * DAY);
      expect((await byCode(code)).status).toBe(200);
      await clock.suspend(12 * HOUR);
      expectProblem(await whoami(session), 401, 'session_invalid');
      clock.set(30 * DAY);
    });

    it('and is removed then, with codes that nobody used, and with what its key does not open any more', async () => {
      const { prisma } = api.ctx.db;
      await prisma.session.deleteMany();
      await prisma.signInCode.deleteMany();
      const user = await newUser(api);
      await signIn(api, user);
      const live = await signIn(api, { key: api.adminKey });
      await newCode(api);
      await cleanUp(api.ctx);
      expect([await prisma.session.count(), await prisma.signInCode.count()]).toEqual([2, 1]);
      await send(api, 'POST', '/v1/auth/revoke', { key: user.key, json: { key_id: user.key.split('_')[1] } });
      await clock.suspend(60_000);
      await cleanUp(api.ctx);
      expect([(await prisma.session.findMany()).map(({ id }) => id), await prisma.signInCode.count()]).toEqual([[live.id], 0]);
      await clock.suspend(12 * HOUR);
      await cleanUp(api.ctx);
      expect(await prisma.session.count()).toBe(0);
    });

    it('in time, also when it began while the clock was ahead', async () => {
      const { prisma } = api.ctx.db;
      const session = await signIn(api, { key: api.adminKey });
      const ahead = new Date(clock.now().getTime() + 365 * DAY);
      await prisma.session.update({ where: { id: session.id }, data: { lastUsedAt: ahead, expiresAt: ahead } });
      await newCode(api);
      await prisma.signInCode.updateMany({ data: { expiresAt: ahead } });
      await recoverSessions(api.ctx);
      expect(await prisma.signInCode.count()).toBe(0);
      expect((await whoami(session)).status).toBe(200);
      await clock.suspend(12 * HOUR);
      expectProblem(await whoami(session), 401, 'session_invalid');
    });
  });

  it('tells when it was last used, and when its key was, and not by writing at every request', async () => {
    const user = await newUser(api);
    const session = await signIn(api, user);
    const lastUsed = async () => (await sessions({ key: user.key })).data[0].last_used_at as string;
    const begun = await lastUsed();
    await clock.suspend(2 * 60_000);
    await whoami(session);
    expect(await lastUsed()).toBe(begun);
    await writeLastUsed(api.ctx, api.lastUsed);
    expect(Date.parse(await lastUsed()) - Date.parse(begun)).toBe(2 * 60_000);
    const { body } = await send(api, 'GET', '/v1/auth/list', { key: user.key });
    expect(body.data[0].last_used_at).toBe(clock.now().toISOString());
  });
});

describe('signing in', () => {
  it.each(databases)('is taken ten times a minute from one address, on %s', async (database) => {
    const api = await startApi(database, { RATE_LIMIT_PER_ADDRESS: '2000' });
    try {
      const attempt = (at: number) => send(api, 'POST', '/v1/auth/create_session', at % 2 ? { json: { code: 'x'.repeat(43) } } : { key: 'wrong' });
      const statuses = [];
      for (let at = 0; at < 10; at++) statuses.push((await attempt(at)).status);
      expect(new Set(statuses)).toEqual(new Set([401]));
      const reply = await send(api, 'POST', '/v1/auth/create_session', { key: api.adminKey, json: {} });
      expectProblem(reply, 429, 'rate_limited');
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(2);
      expect(Number(reply.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      // Nothing else is held up by it.
      expect((await send(api, 'GET', '/v1/auth/whoami', { key: api.adminKey })).status).toBe(200);
    } finally {
      await api.close();
    }
  });
});
