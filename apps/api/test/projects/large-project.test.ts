import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { databases, newExperiment, newProject, send, startApi, type TestApi } from '../support/api.js';
import { insertExperiments } from '../support/big-project.js';
import { insertJob } from '../support/rows.js';
import { newDevice } from '../support/training.js';

/** Fails to read experiments once it has read so many rows of them. */
let failAfter = Number.POSITIVE_INFINITY;

function failing(ctx: Context): Context {
  const all: Context['db']['hot']['all'] = async (query, values) => {
    const rows = await ctx.db.hot.all(query, values);
    if (query.sql.includes('"startSize"') && (failAfter -= rows.length) <= 0) throw new Error('the database has gone');
    return rows;
  };
  return { ...ctx, db: { ...ctx.db, hot: { ...ctx.db.hot, all } } };
}

describe.each(databases)('project/get on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database, {}, { change: failing });
  });
  afterAll(() => api.close());

  const get = (project: string) => send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey });

  it('shows a project that is larger than what is sent at a time whole, in its order', async () => {
    const project = await newProject(api);
    const ids = await insertExperiments(api, project, 300, JSON.stringify({ text: 'é'.repeat(2_000) }));
    const large = await insertExperiments(api, project, 5);
    const devices = [await newDevice(api, project), await newDevice(api, project)].map(({ id }) => id);
    const { status, body, headers } = await get(project);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(body)).toEqual(['name', 'ID', 'devices', 'experiments', 'members', 'billing']);
    expect(Object.keys(body.devices).toSorted()).toEqual(devices.toSorted());
    expect(Object.keys(body.experiments).toSorted()).toEqual([...ids, ...large].toSorted());
    for (const id of [ids[0]!, ids[299]!, large[4]!]) {
      expect(body.experiments[id]).toEqual((await send(api, 'GET', `/v1/experiment/get/${project}/${id}`, { key: api.adminKey })).body);
    }
    expect(body.experiments[ids[7]!].hyperparameters).toEqual({ text: 'é'.repeat(2_000) });
    expect(Object.values(body.members)).toEqual([{ permission_level: 100 }]);
    expect(body.billing).toEqual({});
  });

  it('shows all jobs of an experiment, however many they are', async () => {
    const project = await newProject(api);
    const experiment = await newExperiment(api, project);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push(await insertJob(api, { project, experiment }));
    const { prisma } = api.ctx.db;
    const row = await prisma.job.findUniqueOrThrow({ where: { id: ids[0]! } });
    const more = Array.from({ length: 1_100 }, (_, index) => ({ ...row, id: api.ctx.newId(), sequence: index + 4 }));
    for (let at = 0; at < more.length; at += 100) await prisma.job.createMany({ data: more.slice(at, at + 100) });
    await prisma.experiment.update({ where: { id: experiment }, data: { nextJobSequence: 1_104 } });
    const all = [...ids, ...more.map(({ id }) => id)];
    expect((await get(project)).body.experiments[experiment].jobs).toEqual(all);
    expect((await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey })).body.jobs).toEqual(all);
    const updated = await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, experiment_name: 'x' } });
    expect(updated.body.jobs).toEqual(all);
  });

  it('ends its connection when the database fails half-way, so that nobody takes half for whole', async () => {
    const project = await newProject(api);
    await insertExperiments(api, project, 20);
    failAfter = 7;
    try {
      await expect(get(project)).rejects.toThrow('terminated');
    } finally {
      failAfter = Number.POSITIVE_INFINITY;
    }
    expect((await get(project)).status).toBe(200);
  });

  it('is a 500 when the database fails before anything was sent', async () => {
    const project = await newProject(api);
    await insertExperiments(api, project, 1);
    failAfter = 1;
    try {
      expect((await get(project)).status).toBe(500);
    } finally {
      failAfter = Number.POSITIVE_INFINITY;
    }
  });

  it('ends its connection when the project is deleted half-way', async () => {
    const project = await newProject(api);
    await insertExperiments(api, project, 200);
    const response = await fetch(`${api.url}/v1/project/get/${project}`, { headers: { Authorization: api.adminKey } });
    expect(response.status).toBe(200);
    expect((await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: project } })).status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('answers HEAD', async () => {
    const project = await newProject(api);
    await insertExperiments(api, project, 5);
    const { status, text } = await send(api, 'HEAD', `/v1/project/get/${project}`, { key: api.adminKey });
    expect([status, text]).toEqual([200, '']);
  });
});
