import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { levels, newMember } from '../support/members.js';
import { snapshot } from '../support/rows.js';
import { cancelJob, createJob, newTraining } from '../support/training.js';
import { askTicket, blobsOf, download, expectProblem, getExperiment, newPlace, putRaw } from '../support/uploads.js';

describe.each(databases)('projects on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const remove = (project: string, key = api.adminKey) => send(api, 'POST', '/v1/project/delete', { key, json: { project_id: project } });

  it('are created with a name and shown exactly as documented', async () => {
    const owner = await newUser(api);
    const created = await send(api, 'POST', '/v1/project/create', { key: owner.key, json: { project_name: 'Digits 🙂' } });
    expect(created.body).toEqual({ project_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    const project = created.body.project_id as string;
    const { body: experiment } = await send(api, 'POST', '/v1/experiment/create', { key: owner.key, json: { project_id: project } });
    const { body: device } = await send(api, 'POST', '/v1/device/create', { key: owner.key, json: { project_id: project } });
    const { body } = await send(api, 'GET', `/v1/project/get/${project}`, { key: owner.key });
    expect(body).toEqual({
      name: 'Digits 🙂',
      ID: project,
      devices: { [device.device_id]: { ID: device.device_id, registered_on: expect.stringMatching(/^\d{10}\.\d+$/) } },
      experiments: { [experiment.ID]: experiment },
      members: { [owner.userId]: { permission_level: 100 } },
      billing: {},
    });
  });

  it('are listed newest first to their members only, with their level', async () => {
    const [owner, stranger] = [await newUser(api), await newUser(api)];
    const one = await newProject(api, owner.key);
    const two = await newProject(api, owner.key);
    const { body } = await send(api, 'GET', '/v1/project/list', { key: owner.key });
    expect(body.data.map((entry: { project_id: string }) => entry.project_id).sort()).toEqual([one, two].sort());
    expect(body.data[0]).toEqual({
      project_id: expect.any(String),
      name: 'A project',
      description: null,
      permission_level: 100,
      created_at: expect.stringMatching(/Z$/),
    });
    expect((await send(api, 'GET', '/v1/project/list', { key: stranger.key })).body).toEqual({ data: [], next_cursor: null });
  });

  describe('deleting one', () => {
    it('takes experiments, jobs, devices, their keys and every blob, and leaves another project as it was', async () => {
      const doomed = await newTraining(api, 2);
      const other = await newTraining(api, 1);
      const { body: job } = await createJob(api, doomed);
      expect((await cancelJob(api, doomed, job.ID)).status).toBe(200);
      const bystander = await newPlace(api);
      await putRaw(await askTicket(api, bystander), '{"keep":[1]}');
      const before = await snapshot(api);
      expect(await blobsOf(api, doomed.project)).not.toEqual([]);

      const { status, body } = await remove(doomed.project);
      expect([status, body]).toEqual([200, {}]);

      const after = await snapshot(api);
      for (const [table, rows] of Object.entries(after).filter(([name]) => name !== 'auditEvent')) {
        expect(rows.filter((row) => row.includes(doomed.project)), table).toEqual([]);
        expect(rows.filter((row) => row.includes(other.project) || row.includes(bystander.project)), table).toEqual(
          before[table]!.filter((row) => row.includes(other.project) || row.includes(bystander.project)),
        );
      }
      for (const { id, key } of doomed.devices) {
        expect(after['device']!.join()).not.toContain(id);
        expectProblem(await send(api, 'GET', `/v1/project/active_jobs/${doomed.project}`, { key }), 401, 'key_invalid');
      }
      expect(await readdir(path.join(api.dataDir, 'blobs', 'models'))).not.toContain(doomed.project);
      expect((await download(api, bystander)).bytes.toString()).toBe('{"keep":[1]}');
      expect((await send(api, 'GET', `/v1/project/active_jobs/${other.project}`, { key: other.devices[0]!.key })).status).toBe(200);
    });

    it('makes it as if it had never been: 404 for every look at it', async () => {
      const place = await newPlace(api);
      await remove(place.project);
      expectProblem(await send(api, 'GET', `/v1/project/get/${place.project}`, { key: api.adminKey }), 404, 'project_not_found');
      expect((await getExperiment(api, place)).code).toBe('project_not_found');
      expectProblem(await remove(place.project), 404, 'project_not_found');
    });

    it('needs the level ADMIN', async () => {
      const project = await newProject(api);
      for (const level of [levels.READ_ONLY, levels.READ_WRITE])
        expectProblem(await remove(project, (await newMember(api, project, level)).key), 403, 'permission_denied');
      expectProblem(await remove(project, (await newUser(api)).key), 404, 'project_not_found');
      expect((await remove(project, (await newMember(api, project, levels.ADMIN)).key)).status).toBe(200);
    });

    it('happens once, however many ask at once', async () => {
      const project = await newProject(api);
      const replies = await Promise.all(Array.from({ length: 5 }, () => remove(project)));
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404]);
      expect(await api.ctx.db.prisma.auditEvent.count({ where: { projectId: project, action: 'project_deleted' } })).toBe(1);
    });

    it('leaves a record of who did it', async () => {
      const project = await newProject(api);
      await remove(project);
      const record = await api.ctx.db.prisma.auditEvent.findFirstOrThrow({ where: { projectId: project, action: 'project_deleted' } });
      expect([record.keyId, record.before]).toEqual(['bootstrap', '{"name":"A project"}']);
    });
  });

  it.each([
    ['no name', {}],
    ['an empty name', { project_name: '' }],
    ['a name of 201 characters', { project_name: 'x'.repeat(201) }],
    ['a name that is a number', { project_name: 5 }],
    ['NUL in the name', { project_name: 'a\0b' }],
    ['half a surrogate pair', { project_name: '\ud800' }],
    ['more than is asked for', { project_name: 'x', owner: 'me' }],
  ])('are refused with 400 for %s', async (_what, json) => {
    expectProblem(await send(api, 'POST', '/v1/project/create', { key: api.adminKey, json }), 400, 'invalid_request');
  });
});
