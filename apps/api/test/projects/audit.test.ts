import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { addMember, levels, removeMember, updateMember, type Level, type Person } from '../support/members.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('the audit log on %s', (database) => {
  let api: TestApi;
  let owner: Person;
  let project: string;
  beforeAll(async () => {
    api = await startApi(database);
    owner = await newUser(api);
    project = await newProject(api, owner.key);
  });
  afterAll(() => api.close());

  async function member(of: string, level: Level): Promise<Person> {
    const person = await newUser(api);
    await addMember(api, of, person.userId, level, owner.key);
    return person;
  }
  const audit = (query = '', key = owner.key, of = project) => send(api, 'GET', `/v1/project/audit/${of}${query}`, { key });
  const ofServer = (query = '', key = api.adminKey) => send(api, 'GET', `/v1/user/audit${query}`, { key });

  it('tells who did what to a project and its members, what was so before and after, newest first', async () => {
    const someone = await newUser(api);
    await addMember(api, project, someone.userId, levels.READ_ONLY, owner.key);
    await updateMember(api, project, someone.userId, levels.READ_WRITE, owner.key);
    await removeMember(api, project, someone.userId, owner.key);
    const { status, body } = await audit();
    expect(status).toBe(200);
    const common = { entry_id: expect.any(Number), project_id: project, actor_id: owner.userId, key_id: owner.key.split('_')[1], created_at: expect.stringMatching(/Z$/) };
    expect(body).toEqual({
      data: [
        { ...common, action: 'member_removed', subject_id: someone.userId, before: { permission_level: 5 }, after: null },
        { ...common, action: 'member_updated', subject_id: someone.userId, before: { permission_level: 1 }, after: { permission_level: 5 } },
        { ...common, action: 'member_added', subject_id: someone.userId, before: null, after: { permission_level: 1 } },
        { ...common, action: 'project_created', subject_id: null, before: null, after: { name: 'A project' } },
      ],
      next_cursor: null,
    });
  });

  it('goes on where a page ended, whatever is done meanwhile', async () => {
    const own = await newProject(api, owner.key);
    const rename = (name: string) => send(api, 'POST', '/v1/project/update', { key: owner.key, json: { project_id: own, project_name: name } });
    for (const name of ['one', 'two', 'three']) await rename(name);
    const first = (await audit('?limit=2', owner.key, own)).body;
    await rename('four');
    const second = (await audit(`?limit=2&cursor=${first.next_cursor}`, owner.key, own)).body;
    const names = [...first.data, ...second.data].map(({ after }: { after: { name: string } }) => after.name);
    expect(names).toEqual(['three', 'two', 'one', 'A project']);
    expect(second.next_cursor).toBeNull();
  });

  it('is narrowed to what somebody did, and to one thing that was done', async () => {
    const own = await newProject(api, owner.key);
    const { userId, key } = await member(own, levels.ADMIN);
    await send(api, 'POST', '/v1/device/create', { key, json: { project_id: own } });
    const actions = async (query: string) => (await audit(query, owner.key, own)).body.data.map(({ action }: { action: string }) => action);
    expect(await actions(`?by=${userId}`)).toEqual(['device_created']);
    expect(await actions(`?by=${owner.userId}`)).toEqual(['member_added', 'project_created']);
    expect(await actions('?action=member_added')).toEqual(['member_added']);
    expect(await actions(`?by=${userId}&action=member_added`)).toEqual([]);
    expect(await actions(`?by=${randomBytes(16).toString('hex')}`)).toEqual([]);
  });

  it('is shown to managers of the project alone, and of no other project', async () => {
    for (const level of [levels.READ_ONLY, levels.READ_WRITE]) {
      const { key } = await member(project, level);
      expectProblem(await audit('', key), 403, 'permission_denied');
    }
    const admin = await member(project, levels.ADMIN);
    expect((await audit('', admin.key)).status).toBe(200);
    const stranger = await newUser(api);
    expect((await audit('', stranger.key)).status).toBe(404);
    const other = await newProject(api, owner.key);
    for (const { project_id } of (await audit('', owner.key, other)).body.data as Array<{ project_id: string }>) expect(project_id).toBe(other);
  });

  it('of the whole server is shown to its admin alone, with what is deleted by now', async () => {
    const own = await newProject(api, owner.key);
    await send(api, 'POST', '/v1/project/delete', { key: owner.key, json: { project_id: own } });
    expect((await audit('', owner.key, own)).status).toBe(404);
    const { body } = await ofServer(`?project_id=${own}`);
    expect(body.data.map(({ action }: { action: string }) => action)).toEqual(['project_deleted', 'project_created']);
    const made = (await ofServer('?action=user_created')).body.data as Array<{ subject_id: string; project_id: null }>;
    expect(made).toContainEqual(expect.objectContaining({ subject_id: owner.userId, project_id: null }));
    expectProblem(await ofServer('', owner.key), 403, 'server_admin_required');
  });

  it('refuses a cursor that it did not give', async () => {
    const of = (text: string) => Buffer.from(text).toString('base64url');
    for (const cursor of ['nonsense', of('1.abc'), of(`1.${'9'.repeat(20)}`)]) {
      expectProblem(await audit(`?cursor=${cursor}`), 400, 'invalid_request');
      expectProblem(await ofServer(`?cursor=${cursor}`), 400, 'invalid_request');
    }
  });
});
