import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { addMember, levels, newMember, removeMember, updateMember, type Level, type Person } from '../support/members.js';
import { expectProblem, newPlace, submitText } from '../support/uploads.js';

describe.each(databases)('members of a project on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const members = async (project: string, key = api.adminKey) => (await send(api, 'GET', `/v1/project/get/${project}`, { key })).body?.members as Record<string, unknown>;

  /** A project of a fresh owner, apart from the server admin. */
  async function ownedProject(): Promise<{ project: string; owner: Person }> {
    const owner = await newUser(api);
    return { project: await newProject(api, owner.key), owner };
  }

  it('begin with who created it, as its owner', async () => {
    const { project, owner } = await ownedProject();
    expect(await members(project, owner.key)).toEqual({ [owner.userId]: { permission_level: 100 } });
  });

  it('are listed newest first with name, level and time, a page at a time', async () => {
    const { body: named } = await send(api, 'POST', '/v1/user/create', { key: api.adminKey, json: { user_name: 'Ada' } });
    const { project, owner } = await ownedProject();
    await addMember(api, project, named.user_id, levels.READ_ONLY, owner.key);
    const { body: first } = await send(api, 'GET', `/v1/project/members/${project}?limit=1`, { key: owner.key });
    const { body: second } = await send(api, 'GET', `/v1/project/members/${project}?limit=1&cursor=${first.next_cursor}`, { key: owner.key });
    expect([...first.data, ...second.data]).toEqual([
      { user_id: named.user_id, user_name: 'Ada', permission_level: 1, added_at: expect.stringMatching(/Z$/) },
      { user_id: owner.userId, user_name: null, permission_level: 100, added_at: expect.stringMatching(/Z$/) },
    ]);
    expect(second.next_cursor).toBeNull();
  });

  describe('may do as much as their level says', () => {
    const table: [string, Level, [reads: number, writes: number, manages: number]][] = [
      ['READ_ONLY', levels.READ_ONLY, [200, 403, 403]],
      ['READ_WRITE', levels.READ_WRITE, [200, 200, 403]],
      ['ADMIN', levels.ADMIN, [200, 200, 200]],
      ['OWNER', levels.OWNER, [200, 200, 200]],
    ];
    it.each(table)('%s', async (_name, level, expected) => {
      const project = await newProject(api);
      const { key } = await newMember(api, project, level);
      const reads = await send(api, 'GET', `/v1/project/get/${project}`, { key });
      const writes = await send(api, 'POST', '/v1/experiment/create', { key, json: { project_id: project } });
      const manages = await addMember(api, project, (await newUser(api)).userId, levels.READ_ONLY, key);
      expect([reads.status, writes.status, manages.status]).toEqual(expected);
    });
  });

  describe('only an owner', () => {
    it('makes an owner, by adding or by promoting', async () => {
      const { project, owner } = await ownedProject();
      const [admin, someone] = [await newUser(api), await newUser(api)];
      await addMember(api, project, admin.userId, levels.ADMIN, owner.key);
      expectProblem(await addMember(api, project, someone.userId, levels.OWNER, admin.key), 403, 'owner_required');
      expectProblem(await updateMember(api, project, admin.userId, levels.OWNER, admin.key), 403, 'owner_required');
      expect(await members(project, owner.key)).toEqual({ [owner.userId]: { permission_level: 100 }, [admin.userId]: { permission_level: 10 } });
      expect((await addMember(api, project, someone.userId, levels.OWNER, owner.key)).status).toBe(200);
    });

    it('demotes or removes an owner', async () => {
      const { project, owner } = await ownedProject();
      const admin = await newUser(api);
      await addMember(api, project, admin.userId, levels.ADMIN, owner.key);
      expectProblem(await updateMember(api, project, owner.userId, levels.READ_ONLY, admin.key), 403, 'owner_required');
      expectProblem(await removeMember(api, project, owner.userId, admin.key), 403, 'owner_required');
    });
  });

  describe('the last owner', () => {
    it('can be neither demoted nor removed, not even by itself', async () => {
      const { project, owner } = await ownedProject();
      for (const level of [levels.ADMIN, levels.READ_WRITE, levels.READ_ONLY])
        expectProblem(await updateMember(api, project, owner.userId, level, owner.key), 400, 'last_owner');
      expectProblem(await removeMember(api, project, owner.userId, owner.key), 400, 'last_owner');
      expect(await members(project, owner.key)).toEqual({ [owner.userId]: { permission_level: 100 } });
    });

    it('can go once there is another', async () => {
      const { project, owner } = await ownedProject();
      const heir = await newUser(api);
      await addMember(api, project, heir.userId, levels.OWNER, owner.key);
      expect((await removeMember(api, project, owner.userId, owner.key)).status).toBe(200);
      expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: owner.key })).status).toBe(404);
      expect(await members(project, heir.key)).toEqual({ [heir.userId]: { permission_level: 100 } });
    });

    it('stays, whichever of two owners that demote each other is quicker', async () => {
      for (let round = 0; round < 10; round++) {
        const { project, owner } = await ownedProject();
        const other = await newUser(api);
        await addMember(api, project, other.userId, levels.OWNER, owner.key);
        const replies = await Promise.all([
          updateMember(api, project, other.userId, levels.READ_WRITE, owner.key),
          updateMember(api, project, owner.userId, levels.READ_WRITE, other.key),
        ]);
        expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
        expect(await api.ctx.db.prisma.member.count({ where: { projectId: project, level: levels.OWNER } })).toBe(1);
      }
    });

    it('stays, whichever of two owners that leave at once is quicker', async () => {
      for (let round = 0; round < 10; round++) {
        const { project, owner } = await ownedProject();
        const other = await newUser(api);
        await addMember(api, project, other.userId, levels.OWNER, owner.key);
        const replies = await Promise.all([removeMember(api, project, owner.userId, owner.key), removeMember(api, project, other.userId, other.key)]);
        expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
        expect(await api.ctx.db.prisma.member.count({ where: { projectId: project, level: levels.OWNER } })).toBe(1);
      }
    });
  });

  describe('a change counts at once', () => {
    it('when a member is demoted', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      await updateMember(api, place.project, member.userId, levels.READ_ONLY);
      expectProblem(await submitText(api, place, '{"w":1}', member.key), 403, 'permission_denied');
    });

    it('when a member is removed: the project is as if it had never been', async () => {
      const place = await newPlace(api);
      const member = await newMember(api, place.project, levels.READ_WRITE);
      await removeMember(api, place.project, member.userId);
      expectProblem(await submitText(api, place, '{"w":1}', member.key), 404, 'project_not_found');
      expect((await send(api, 'GET', '/v1/project/list', { key: member.key })).body.data).toEqual([]);
    });
  });

  describe('are refused', () => {
    it('400 already_member, one of two that are added at once as well', async () => {
      const project = await newProject(api);
      const { userId } = await newUser(api);
      const replies = await Promise.all([addMember(api, project, userId, levels.READ_ONLY), addMember(api, project, userId, levels.ADMIN)]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
      expectProblem(await addMember(api, project, userId, levels.READ_ONLY), 400, 'already_member');
    });

    it('404 user_not_found and member_not_found for who is not there', async () => {
      const project = await newProject(api);
      const { userId } = await newUser(api);
      expectProblem(await addMember(api, project, 'f'.repeat(32), levels.READ_ONLY), 404, 'user_not_found');
      expectProblem(await updateMember(api, project, userId, levels.READ_ONLY), 404, 'member_not_found');
      expectProblem(await removeMember(api, project, userId), 404, 'member_not_found');
    });

    it.each([0, 2, 50, 1000, -1, 5.5, '5', null, true])('400 for the level %s', async (level) => {
      const project = await newProject(api);
      const { userId } = await newUser(api);
      expectProblem(await addMember(api, project, userId, level as Level), 400, 'invalid_request');
    });
  });

  it('leave a record of who changed what', async () => {
    const { project, owner } = await ownedProject();
    const member = await newUser(api);
    await addMember(api, project, member.userId, levels.READ_ONLY, owner.key);
    await updateMember(api, project, member.userId, levels.ADMIN, owner.key);
    await removeMember(api, project, member.userId, owner.key);
    const rows = await api.ctx.db.prisma.auditEvent.findMany({ where: { projectId: project }, orderBy: { id: 'asc' } });
    expect(rows.map(({ action, actorId, before, after }) => [action, actorId, before, after])).toEqual([
      ['project_created', owner.userId, null, '{"name":"A project"}'],
      ['member_added', owner.userId, null, '{"permission_level":1}'],
      ['member_updated', owner.userId, '{"permission_level":1}', '{"permission_level":10}'],
      ['member_removed', owner.userId, '{"permission_level":10}', null],
    ]);
  });
});
