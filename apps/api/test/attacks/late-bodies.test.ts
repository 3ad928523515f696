import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract, operations } from '@vergeai/contract';
import { newApiKey } from '../../src/access/api-key.js';
import { payload } from '../access/requests.js';
import { createWorld, type World } from '../access/world.js';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { lateBody, watchKeys } from '../support/late-body.js';
import { keyIds, levels, newMember, revoke } from '../support/members.js';
import { snapshot } from '../support/rows.js';
import { expectProblem } from '../support/uploads.js';
import { answerIn, exchange } from '../support/wire.js';

const posts = Object.values(contract)
  .flatMap((resource) => operations(resource))
  .filter(({ route }) => route.method === 'POST')
  .map(({ route, metadata }) => ({ path: route.path, access: metadata.access }));

describe.each(databases)('a request whose last byte comes after the right to it is gone, on %s', (database) => {
  let api: TestApi;
  let world: World;
  const watch = watchKeys();
  beforeAll(async () => {
    api = await startApi(database, {}, { change: watch.change });
    world = await createWorld(api);
  });
  afterAll(() => api.close());

  /** A key of the caller who may do it. */
  async function keyFor({ who }: (typeof posts)[number]['access']): Promise<{ id: string; key: string }> {
    const { prisma } = api.ctx.db;
    if (who === 'device') return { id: world.keys['device in job']!.split('_')[1]!, key: world.keys['device in job']! };
    const userId = who === 'server_admin' ? (await prisma.user.findFirstOrThrow({ where: { isServerAdmin: true } })).id : world.userIds['owner']!;
    const { id, key } = newApiKey('vgu');
    await prisma.apiKey.create({ data: { id, kind: 'USER', userId, secretHash: api.ctx.secrets.hashApiKey(key), createdAt: api.ctx.clock.now() } });
    return { id, key };
  }

  it.each(posts)('is 401 and changes nothing when the key was revoked meanwhile, or expired: POST $path', async ({ path, access }) => {
    const { id, key } = await keyFor(access);
    const { json } = payload(`POST ${path}`, world.here);
    for (const fall of [{ revokedAt: api.ctx.clock.now() }, { expiresAt: api.ctx.clock.now() }]) {
      let before;
      const reply = await lateBody(api, watch, path, { key, json }, async () => {
        await api.ctx.db.prisma.apiKey.update({ where: { id }, data: fall });
        before = await snapshot(api);
      });
      expectProblem(reply, 401, 'key_invalid');
      expect(await snapshot(api)).toEqual(before);
      await api.ctx.db.prisma.apiKey.update({ where: { id }, data: { revokedAt: null, expiresAt: null } });
    }
  });

  it.each(posts.filter(({ access }) => access.who === 'member'))('is refused and changes nothing when its sender was demoted or removed meanwhile: POST $path', async ({ path }) => {
    const { prisma } = api.ctx.db;
    const projectId_userId = { projectId: world.here.project_id, userId: world.userIds['admin']! };
    const member = await prisma.member.findUniqueOrThrow({ where: { projectId_userId } });
    const { json } = payload(`POST ${path}`, world.here);
    const falls = [
      [403, 'permission_denied', () => prisma.member.update({ where: { projectId_userId }, data: { level: levels.READ_ONLY } })],
      [404, 'project_not_found', () => prisma.member.delete({ where: { projectId_userId } })],
    ] as const;
    for (const [status, code, fall] of falls) {
      let before;
      const reply = await lateBody(api, watch, path, { key: world.keys['admin']!, json }, async () => {
        await fall();
        before = await snapshot(api);
      });
      expectProblem(reply, status, code);
      expect(await snapshot(api)).toEqual(before);
      await prisma.member.upsert({ where: { projectId_userId }, create: member, update: member });
    }
  });

  it('is 401 when the key was revoked over HTTP on another connection', async () => {
    const { key } = await newUser(api);
    const reply = await lateBody(api, watch, '/v1/project/create', { key, json: { project_name: 'late' } }, () => revoke(api, { key }));
    expectProblem(reply, 401, 'key_invalid');
    expect(await api.ctx.db.prisma.project.count({ where: { name: 'late' } })).toBe(0);
  });

  it('gets no stored answer either', async () => {
    const { key } = await newUser(api);
    const again = { key, json: { label: 'mine' }, headers: { 'Idempotency-Key': 'once' } };
    expect((await send(api, 'POST', '/v1/auth/create', again)).status).toBe(200);
    expectProblem(await lateBody(api, watch, '/v1/auth/create', again, async () => {
      for (const key_id of await keyIds(api, key)) if (key.includes(key_id)) await send(api, 'POST', '/v1/auth/revoke', { key, json: { key_id } });
    }), 401, 'key_invalid');
  });

  it('is answered by its own right when that is what it gives up: a member leaves, a key revokes itself', async () => {
    const project = await newProject(api);
    const member = await newMember(api, project, levels.ADMIN);
    expect((await send(api, 'POST', '/v1/project/update_member', { key: member.key, json: { project_id: project, user_id: member.userId, permission_level: levels.READ_ONLY } })).status).toBe(200);
    const other = await newMember(api, project, levels.ADMIN);
    expect((await send(api, 'POST', '/v1/project/remove_member', { key: other.key, json: { project_id: project, user_id: other.userId } })).status).toBe(200);
    await revoke(api, other);
    expectProblem(await send(api, 'GET', '/v1/project/list', { key: other.key }), 401, 'key_invalid');
  });

  // SQLite answers before Node has handed the body over, in microseconds; PostgreSQL is another machine.
  it.runIf(database === 'postgresql')('costs no second question when all of it is there with its first byte', async () => {
    const before = watch.looks();
    const json = '{"project_name":"at once"}';
    const text = await exchange(
      api.url,
      'POST /v1/project/create HTTP/1.1',
      'Host: x',
      `Authorization: ${api.adminKey}`,
      'Content-Type: application/json',
      `Content-Length: ${json.length}`,
      'Connection: close',
      '',
      json,
    );
    expect(answerIn(text).status).toBe(200);
    expect(watch.looks()).toBe(before + 1);
  });
});
