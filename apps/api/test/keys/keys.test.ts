import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { prepareAdmin } from '../../src/start/first-start.js';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { systemClock } from '../../src/time/system-clock.js';
import { keyIds } from '../support/members.js';
import { snapshot } from '../support/rows.js';
import { expectProblem } from '../support/uploads.js';
import { writeLastUsed } from '../../src/upkeep/write-last-used.js';

describe.each(databases)('API keys on %s', (database) => {
  let api: TestApi;
  const beginning = Date.now();
  let skew = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: { ...timeOfDay(() => beginning + skew), monotonic: () => systemClock.monotonic() + skew } });
  });
  afterAll(() => api.close());
  afterEach(() => {
    skew = 0;
  });

  const create = async (key: string, json?: unknown, path = '/v1/auth/create') => (await send(api, 'POST', path, { key, json })).body.key as string;
  const list = async (key: string, query = '') => (await send(api, 'GET', `/v1/auth/list${query}`, { key })).body;
  const works = async (key: string) => (await send(api, 'GET', '/v1/project/list', { key })).status;
  const revoke = (key: string, key_id: string) => send(api, 'POST', '/v1/auth/revoke', { key, json: { key_id } });

  describe('are made', () => {
    it.each(['/v1/auth/create', '/v1/auth/create_key'])('by %s, with nothing but the key in the answer', async (path) => {
      const { key } = await newUser(api);
      const { status, body } = await send(api, 'POST', path, { key });
      expect([status, Object.keys(body)]).toEqual([200, ['key']]);
      expect(await works(body.key)).toBe(200);
    });

    it('as a prefix, an id, a secret and a checksum that anybody can check', async () => {
      const { key } = await newUser(api);
      const project = await newProject(api, key);
      const { body } = await send(api, 'POST', '/v1/device/create', { key, json: { project_id: project } });
      for (const [made, prefix] of [
        [await create(key), 'vgu'],
        [body.device_api_key, 'vgd'],
      ]) {
        const match = /^(vg[ud])_([0-9a-z]{16})_([\w-]{43})([0-9a-f]{8})$/.exec(made as string);
        expect(match?.[1]).toBe(prefix);
        expect(createHash('sha256').update((made as string).slice(0, -8)).digest('hex').slice(0, 8)).toBe(match![4]);
      }
    });

    it('all different, in id and in secret', async () => {
      const { key } = await newUser(api);
      const made = await Promise.all(Array.from({ length: 20 }, () => create(key)));
      expect(new Set(made.map((one) => one.split('_')[1])).size).toBe(20);
      expect(new Set(made.map((one) => one.slice(21))).size).toBe(20);
    });

    it('of the same person as the key that asked', async () => {
      const { key } = await newUser(api);
      const project = await newProject(api, key);
      const other = await create(key);
      expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: other })).status).toBe(200);
    });
  });

  it('are stored as a hash with a pepper, never as they are', async () => {
    const { key } = await newUser(api);
    const row = await api.ctx.db.prisma.apiKey.findUniqueOrThrow({ where: { id: key.split('_')[1]! } });
    expect(row.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(row.secretHash).not.toBe(createHash('sha256').update(key).digest('hex'));
    const everything = JSON.stringify(await snapshot(api));
    expect(everything).not.toContain(key);
    expect(everything).not.toContain(key.split('_').at(-1));
    expect(everything).not.toContain(api.adminKey);
    expectProblem(await send(api, 'GET', '/v1/project/list', { key: row.secretHash }), 401, 'key_invalid');
  });

  describe('are listed', () => {
    it('newest first with label and times, without anything that opens the door', async () => {
      const { key } = await newUser(api);
      skew += 1000;
      const labelled = await create(key, { label: 'laptop', expires_in_sec: 3600 });
      const page = await list(key);
      expect(page).toEqual({
        data: [
          {
            key_id: labelled.split('_')[1],
            label: 'laptop',
            created_at: expect.stringMatching(/Z$/),
            last_used_at: null,
            expires_at: expect.stringMatching(/Z$/),
            revoked_at: null,
            is_current: false,
          },
          { key_id: key.split('_')[1], label: 'first key', created_at: expect.any(String), last_used_at: null, expires_at: null, revoked_at: null, is_current: true },
        ],
        next_cursor: null,
      });
      expect(Date.parse(page.data[0].expires_at) - Date.parse(page.data[0].created_at)).toBe(3_600_000);
    });

    it('to their own person only, a page at a time', async () => {
      const [one, other] = [await newUser(api), await newUser(api)];
      for (let made = 0; made < 4; made++) {
        skew += 10;
        await create(one.key);
      }
      const seen: string[] = [];
      for (let query = '?limit=2'; ; ) {
        const page = await list(one.key, query);
        seen.push(...page.data.map((entry: { key_id: string }) => entry.key_id));
        if (!page.next_cursor) break;
        query = `?limit=2&cursor=${page.next_cursor}`;
      }
      expect(new Set(seen).size).toBe(5);
      expect(seen).not.toContain((await keyIds(api, other.key))[0]);
    });
  });

  describe('are revoked', () => {
    it('at once, and stay in the list', async () => {
      const { key } = await newUser(api);
      const doomed = await create(key);
      expect(await works(doomed)).toBe(200);
      expect((await revoke(key, doomed.split('_')[1]!)).body).toEqual({});
      expect(await works(doomed)).toBe(401);
      expect(await works(key)).toBe(200);
      const entry = (await list(key)).data.find((one: { key_id: string }) => one.key_id === doomed.split('_')[1]);
      expect(entry.revoked_at).toMatch(/Z$/);
    });

    it('again without a change', async () => {
      const { key } = await newUser(api);
      const id = (await create(key)).split('_')[1]!;
      await revoke(key, id);
      const before = await snapshot(api);
      skew = 60_000;
      expect((await revoke(key, id)).status).toBe(200);
      expect(await snapshot(api)).toEqual(before);
    });

    it('by their own person only', async () => {
      const [one, other] = [await newUser(api), await newUser(api)];
      expectProblem(await revoke(other.key, one.key.split('_')[1]!), 404, 'key_not_found');
      expectProblem(await revoke(api.adminKey, one.key.split('_')[1]!), 404, 'key_not_found');
      expect(await works(one.key)).toBe(200);
    });

    it.each(['', 'UPPER', 'x'.repeat(33), '../x', "a'b"])('not by the malformed id "%s"', async (id) => {
      expectProblem(await revoke(api.adminKey, id), 400, 'invalid_request');
    });
  });

  it('end when they expire', async () => {
    const { key } = await newUser(api);
    const brief = await create(key, { expires_in_sec: 60 });
    skew = 59_000;
    expect(await works(brief)).toBe(200);
    skew = 61_000;
    expectProblem(await send(api, 'GET', '/v1/project/list', { key: brief }), 401, 'key_invalid');
    expect(await works(key)).toBe(200);
  });

  it.each([0, -1, 1.5, 315_360_001, '60', null])('do not expire in %s seconds', async (expires_in_sec) => {
    expectProblem(await send(api, 'POST', '/v1/auth/create', { key: api.adminKey, json: { expires_in_sec } }), 400, 'invalid_request');
  });

  it('tell when they were last used, to the minute or so, and not by writing at every request', async () => {
    const { key } = await newUser(api);
    const used = api.ctx.clock.now();
    await works(key);
    expect((await list(key)).data[0].last_used_at).toBeNull();
    await writeLastUsed(api.ctx, api.lastUsed);
    const first = (await list(key)).data[0].last_used_at as string;
    expect(Math.abs(Date.parse(first) - used.getTime())).toBeLessThan(60_000);

    skew = 30_000;
    await works(key);
    await writeLastUsed(api.ctx, api.lastUsed);
    expect((await list(key)).data[0].last_used_at).toBe(first);

    skew = 120_000;
    await works(key);
    await writeLastUsed(api.ctx, api.lastUsed);
    expect(Date.parse((await list(key)).data[0].last_used_at)).toBeGreaterThan(Date.parse(first) + 60_000);
  });

  describe('401 key_invalid', () => {
    it.each([
      ['one letter of the secret', (key: string) => key.slice(0, 30) + (key[30] === 'x' ? 'y' : 'x') + key.slice(31)],
      ['the checksum', (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')],
      ['the id', (key: string) => key.replace(/_.{16}_/, '_0123456789abcdef_')],
      ['the prefix', (key: string) => key.replace('vgu_', 'vgd_')],
      ['its case', (key: string) => key.toUpperCase()],
      ['its end', (key: string) => `${key}0`],
    ])('when %s is wrong', async (_what, change) => {
      const { key } = await newUser(api);
      expectProblem(await send(api, 'GET', '/v1/project/list', { key: change(key) }), 401, 'key_invalid');
    });

    it('for a key in the query', async () => {
      expectProblem(await send(api, 'GET', `/v1/project/list?Authorization=${api.adminKey}&key=${api.adminKey}`), 401, 'key_missing');
    });
  });

  it('leave a record of who made and revoked them, without the key', async () => {
    const user = await newUser(api);
    const made = await create(user.key, { label: 'laptop' });
    await revoke(user.key, made.split('_')[1]!);
    const rows = await api.ctx.db.prisma.auditEvent.findMany({ where: { subjectId: made.split('_')[1]! }, orderBy: { id: 'asc' } });
    expect(rows.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['key_created', user.userId],
      ['key_revoked', user.userId],
    ]);
    expect(JSON.stringify(rows)).not.toContain(made);
  });

  describe('BOOTSTRAP_API_KEY', () => {
    it("is the server admin's, and stands in the list as what it is", async () => {
      expect((await send(api, 'POST', '/v1/user/create', { key: api.adminKey, json: {} })).status).toBe(200);
      expect((await list(api.adminKey)).data.map((entry: { key_id: string; label: string }) => [entry.key_id, entry.label])).toContainEqual(['bootstrap', 'BOOTSTRAP_API_KEY']);
    });

    it('takes the place of the one before at the next start, without a second admin', async () => {
      const other = await startApi(database);
      try {
        const { bootstrapApiKey: before } = other.ctx.config;
        const key = 'another-bootstrap-key-0123456789abcdef';
        await prepareAdmin({ ...other.ctx, config: { ...other.ctx.config, bootstrapApiKey: key } });
        expect((await send(other, 'GET', '/v1/project/list', { key })).status).toBe(200);
        expect((await send(other, 'GET', '/v1/project/list', { key: before })).status).toBe(401);
        expect(await other.ctx.db.prisma.user.count()).toBe(1);
      } finally {
        await other.close();
      }
    });

    it('is refused at the start when it is a key that a server has made, rather than opening nothing', async () => {
      const { key } = await newUser(api);
      await expect(startApi(database, { BOOTSTRAP_API_KEY: key })).rejects.toThrow('BOOTSTRAP_API_KEY must not be a key that a server made');
    });
  });

  it('of the server admin alone make users', async () => {
    const { key } = await newUser(api);
    expectProblem(await send(api, 'POST', '/v1/user/create', { key, json: {} }), 403, 'server_admin_required');
  });
});
