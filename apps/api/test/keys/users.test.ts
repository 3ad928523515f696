import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { putRaw } from '../support/uploads.js';

describe.each(databases)('users, to the server admin, on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const post = (operation: string, json: object, key = api.adminKey) => send(api, 'POST', `/v1/user/${operation}`, { key, json });
  const status = async (key: string) => (await send(api, 'GET', '/v1/project/list', { key })).status;

  it('are listed, newest first and page by page, without anything that opens a door', async () => {
    const { body: ada } = await post('create', { user_name: 'Ada' });
    await newProject(api, ada.key as string);
    const seen: Array<Record<string, unknown>> = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await send(api, 'GET', `/v1/user/list?limit=1${cursor && `&cursor=${cursor}`}`, { key: api.adminKey });
      seen.push(...(body.data as Array<Record<string, unknown>>));
      cursor = body.next_cursor as string | null;
    }
    expect(seen).toHaveLength(await api.ctx.db.prisma.user.count());
    expect(seen.find(({ user_id }) => user_id === ada.user_id)).toEqual({
      user_id: ada.user_id,
      user_name: 'Ada',
      is_server_admin: false,
      num_projects: 1,
      created_at: expect.any(String),
      disabled_at: null,
    });
    expect(seen.filter(({ is_server_admin }) => is_server_admin)).toHaveLength(1);
  });

  it('are shut out at once when they are disabled, with every key and every ticket, and let in again as they were', async () => {
    const { userId, key } = await newUser(api);
    const { body: second } = await send(api, 'POST', '/v1/auth/create', { key, json: {} });
    const project = await newProject(api, key);
    const experiment = await newExperiment(api, project, key);
    const { body } = await send(api, 'POST', '/v1/experiment/submit_start_model', { key, json: { project_id: project, experiment_id: experiment } });
    expect((await post('disable', { user_id: userId })).body).toEqual({});
    expect((await post('disable', { user_id: userId })).status).toBe(200);
    for (const each of [key, second.key as string]) expect(await status(each)).toBe(401);
    expect((await putRaw(body.model_url, '{"w":[1]}')).status).toBe(401);
    const { body: list } = await send(api, 'GET', '/v1/user/list', { key: api.adminKey });
    expect(list.data.find(({ user_id }: { user_id: string }) => user_id === userId).disabled_at).toEqual(expect.any(String));
    expect((await post('enable', { user_id: userId })).body).toEqual({});
    expect((await post('enable', { user_id: userId })).status).toBe(200);
    for (const each of [key, second.key as string]) expect(await status(each)).toBe(200);
    expect(await api.ctx.db.prisma.auditEvent.findMany({ where: { subjectId: userId, action: { startsWith: 'user_' } }, orderBy: { id: 'asc' } })).toMatchObject([
      { action: 'user_created' },
      { action: 'user_disabled' },
      { action: 'user_enabled' },
    ]);
  });

  it('may be the server admin, who gets a new key in the place of the one that asks', async () => {
    const own = await startApi(database);
    try {
      const admin = await own.ctx.db.prisma.user.findFirstOrThrow({ where: { isServerAdmin: true } });
      const { status: reset, body } = await send(own, 'POST', '/v1/user/reset_key', { key: own.adminKey, json: { user_id: admin.id } });
      expect(reset).toBe(200);
      expect((await send(own, 'GET', '/v1/project/list', { key: own.adminKey })).status).toBe(401);
      expect((await send(own, 'GET', '/v1/user/list', { key: body.key as string })).status).toBe(200);
    } finally {
      await own.close();
    }
  });

  it('get a new key, and none of the old ones works any more', async () => {
    const { userId, key } = await newUser(api);
    const { body: second } = await send(api, 'POST', '/v1/auth/create', { key, json: {} });
    const project = await newProject(api, key);
    const { body } = await post('reset_key', { user_id: userId });
    for (const each of [key, second.key as string]) expect(await status(each)).toBe(401);
    expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: body.key as string })).status).toBe(200);
    const keys = await api.ctx.db.prisma.apiKey.findMany({ where: { userId, revokedAt: null } });
    expect(keys).toHaveLength(1);
  });

  it('are not shut out with a server admin among them, for whom nobody could undo it', async () => {
    const { id } = await api.ctx.db.prisma.user.findFirstOrThrow({ where: { isServerAdmin: true } });
    expect((await post('disable', { user_id: id })).body.code).toBe('server_admin_stays');
    expect(await status(api.adminKey)).toBe(200);
  });

  it.each(['disable', 'enable', 'reset_key'])('%s refuses who is not there, and is for the server admin alone', async (operation) => {
    expect((await post(operation, { user_id: '0'.repeat(32) })).body.code).toBe('user_not_found');
    const { userId, key } = await newUser(api);
    expect((await post(operation, { user_id: userId }, key)).body.code).toBe('server_admin_required');
  });
});
