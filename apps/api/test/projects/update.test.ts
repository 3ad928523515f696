import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newUser, send, startApi, type TestApi } from '../support/api.js';
import { levels, newMember } from '../support/members.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('project/update on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const create = async () => {
    const { body } = await send(api, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'Digits', project_description: 'as first meant' } });
    return body.project_id as string;
  };
  const update = (project: string, changes: object, key = api.adminKey) => send(api, 'POST', '/v1/project/update', { key, json: { project_id: project, ...changes } });
  const shown = async (project: string) => {
    const { body } = await send(api, 'GET', `/v1/project/overview/${project}`, { key: api.adminKey });
    return [body.name, body.description] as unknown[];
  };

  it('changes what it is given and leaves the rest', async () => {
    const project = await create();
    expect((await update(project, { project_name: 'Größe' })).body).toEqual({});
    expect(await shown(project)).toEqual(['Größe', 'as first meant']);
    expect((await update(project, { project_description: 'another one' })).body).toEqual({});
    expect(await shown(project)).toEqual(['Größe', 'another one']);
    await update(project, { project_name: 'Both', project_description: null });
    expect(await shown(project)).toEqual(['Both', null]);
    await update(project, {});
    expect(await shown(project)).toEqual(['Both', null]);
    expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey })).body.name).toBe('Both');
  });

  it('needs the level ADMIN, and a project', async () => {
    const project = await create();
    for (const level of [levels.READ_ONLY, levels.READ_WRITE])
      expectProblem(await update(project, { project_name: 'mine' }, (await newMember(api, project, level)).key), 403, 'permission_denied');
    expectProblem(await update(project, { project_name: 'mine' }, (await newUser(api)).key), 404, 'project_not_found');
    expectProblem(await update('0'.repeat(32), { project_name: 'mine' }), 404, 'project_not_found');
    expect(await shown(project)).toEqual(['Digits', 'as first meant']);
    expect((await update(project, { project_name: 'ours' }, (await newMember(api, project, levels.ADMIN)).key)).status).toBe(200);
  });

  it('refuses what is no name', async () => {
    const project = await create();
    for (const project_name of [null, '', 'x'.repeat(201), 7, 'a\0b']) expectProblem(await update(project, { project_name }), 400, 'invalid_request');
    expect(await shown(project)).toEqual(['Digits', 'as first meant']);
  });

  it('leaves a record of who changed what', async () => {
    const project = await create();
    await update(project, { project_name: 'Other' });
    const record = await api.ctx.db.prisma.auditEvent.findFirstOrThrow({ where: { projectId: project, action: 'project_updated' } });
    expect(record).toMatchObject({ keyId: 'bootstrap', before: '{"name":"Digits","description":"as first meant"}', after: '{"name":"Other","description":"as first meant"}' });
  });

  it('happens one after the other, when many come at once: each record begins where another ends', async () => {
    const project = await create();
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(names.map((project_name) => update(project, { project_name })));
    const records = await api.ctx.db.prisma.auditEvent.findMany({ where: { projectId: project, action: 'project_updated' }, orderBy: { id: 'asc' } });
    const nameIn = (text: string | null) => (JSON.parse(text!) as { name: string }).name;
    expect(records.map(({ before }) => nameIn(before)).sort()).toEqual(['Digits', ...records.map(({ after }) => nameIn(after))].slice(0, -1).sort());
    expect(await shown(project)).toEqual([nameIn(records.at(-1)!.after), 'as first meant']);
  });

  it('is told once more to who asks with the same Idempotency-Key, and happens once', async () => {
    const project = await create();
    const ask = () => send(api, 'POST', '/v1/project/update', { key: api.adminKey, json: { project_id: project, project_name: 'Once' }, headers: { 'Idempotency-Key': 'rename-1' } });
    expect([(await ask()).body, (await ask()).body]).toEqual([{}, {}]);
    expect(await api.ctx.db.prisma.auditEvent.count({ where: { projectId: project, action: 'project_updated' } })).toBe(1);
  });
});
