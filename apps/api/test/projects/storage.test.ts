import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually, startServer } from '@vergeai/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databases, newExperiment, newProject, newUser, send, startApi, type Reply, type TestApi } from '../support/api.js';
import { eventsOf, getJob, jobWith, model, newDevice, newJob, newTraining, submitUpdate, updateTicket, type Training } from '../support/training.js';
import { askTicket, blobsOf, download, expectNothingKept, expectProblem, nothingStaged, openRequest, postForm, putRaw, putUrl, submitText, ticketWays } from '../support/uploads.js';

/** A model as JSON text of exactly so many bytes. */
const modelOf = (bytes: number) => `{"w":[1${' '.repeat(bytes - 9)}]}`;

const storage = async (api: Pick<TestApi, 'url' | 'adminKey'>, project: string) => (await send(api, 'GET', `/v1/project/storage/${project}`, { key: api.adminKey })).body;

const limit = (api: Pick<TestApi, 'url' | 'adminKey'>, project: string, max_bytes: number | null, key = api.adminKey): Promise<Reply> =>
  send(api, 'POST', '/v1/project/limit_storage', { key, json: { project_id: project, max_bytes } });

const remove = ({ url, adminKey }: TestApi, { project, experiment }: { project: string; experiment: string }) =>
  send({ url }, 'POST', '/v1/experiment/delete', { key: adminKey, json: { project_id: project, experiment_id: experiment } });

describe.each(databases)('what a project keeps, on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const newPlaceIn = async (project: string) => ({ project, experiment: await newExperiment(api, project) });
  const fork = async ({ project, experiment }: { project: string; experiment: string }) => {
    const { body } = await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: project, experiment_id: experiment } });
    return { project, experiment: body.ID as string };
  };

  it('is counted to the byte: start models, updates and aggregates, of all its experiments', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    for (const [n, device] of training.devices.entries()) await submitUpdate(api, training, job, device, model(n + 0.5));
    await jobWith(api, training, job, 'COMPLETED');
    const { project } = training;
    expect((await submitText(api, await newPlaceIn(project), modelOf(100))).status).toBe(204);
    const { _sum } = await api.ctx.db.prisma.storedModel.aggregate({ where: { projectId: project }, _sum: { size: true } });
    expect(await blobsOf(api, project)).toHaveLength(5);
    expect(await storage(api, project)).toEqual({ stored_bytes: Number(_sum.size), max_bytes: null, own_max_bytes: null });
  });

  it('is freed by deleting, and a model that forks share counts once, for as long as one of them has it', async () => {
    const project = await newProject(api);
    const first = await newPlaceIn(project);
    await submitText(api, first, modelOf(100));
    const second = await fork(first);
    const third = await fork(second);
    await submitText(api, await newPlaceIn(project), modelOf(30));
    const bytes = [];
    for (const place of [first, third, second]) {
      bytes.push((await storage(api, project)).stored_bytes);
      expect((await remove(api, place)).status).toBe(200);
    }
    expect([...bytes, (await storage(api, project)).stored_bytes]).toEqual([130, 130, 130, 30]);
    expect(await blobsOf(api, project)).toHaveLength(1);
  });

  it('is right after forks and deletions that came at once', async () => {
    const project = await newProject(api);
    for (let round = 0; round < 6; round++) {
      const place = await newPlaceIn(project);
      await submitText(api, place, modelOf(100 + round));
      await Promise.all([fork(place), fork(place), remove(api, place), fork(place), submitText(api, await newPlaceIn(project), modelOf(50))]);
    }
    const rows = await api.ctx.db.prisma.storedModel.findMany({ where: { projectId: project }, distinct: ['blobKey'], select: { size: true } });
    expect((await storage(api, project)).stored_bytes).toBe(rows.reduce((sum, { size }) => sum + Number(size), 0));
    await eventually('its blobs are as many', async () => (await blobsOf(api, project)).length === rows.length);
  });

  it('may be limited by the server admin alone, who need not be a member; readers see it', async () => {
    const owner = await newUser(api);
    const project = await newProject(api, owner.key);
    expectProblem(await limit(api, project, 1_000_000, owner.key), 403, 'server_admin_required');
    expect((await limit(api, project, 1_000)).body).toEqual({ stored_bytes: 0, max_bytes: 1_000, own_max_bytes: 1_000 });
    expect((await send(api, 'GET', `/v1/project/storage/${project}`, { key: owner.key })).body).toEqual({ stored_bytes: 0, max_bytes: 1_000, own_max_bytes: 1_000 });
    expect((await limit(api, project, null)).body).toEqual({ stored_bytes: 0, max_bytes: null, own_max_bytes: null });
    expectProblem(await limit(api, 'f'.repeat(32), 5), 404, 'project_not_found');
    expect(await api.ctx.db.prisma.auditEvent.findMany({ where: { projectId: project, action: 'storage_limited' }, orderBy: { id: 'asc' } })).toMatchObject([
      { before: '{"max_bytes":null}', after: '{"max_bytes":1000}' },
      { before: '{"max_bytes":1000}', after: '{"max_bytes":null}' },
    ]);
  });

  it('takes a model that just fits, and refuses one of a byte more inline, with what it keeps, may keep and was sent', async () => {
    const project = await newProject(api);
    await limit(api, project, 150);
    await submitText(api, await newPlaceIn(project), modelOf(100));
    const place = await newPlaceIn(project);
    const refused = await submitText(api, place, modelOf(51));
    expectProblem(refused, 507, 'project_storage_full');
    for (const figure of ['100', '150', '51']) expect(refused.body.detail).toMatch(new RegExp(`\\b${figure}\\b`));
    expect(await blobsOf(api, project)).toHaveLength(1);
    await nothingStaged(api);
    expect((await submitText(api, place, modelOf(50))).status).toBe(204);
    expect((await storage(api, project)).stored_bytes).toBe(150);
  });

  it('gives no ticket when there is no room at all, and takes everything again once something was deleted', async () => {
    const project = await newProject(api);
    const full = await newPlaceIn(project);
    await submitText(api, full, modelOf(100));
    await limit(api, project, 20);
    const place = await newPlaceIn(project);
    const asked = await send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id: project, experiment_id: place.experiment } });
    expectProblem(asked, 507, 'project_storage_full');
    // What it keeps stays, and works.
    expect((await download(api, full)).bytes.toString()).toBe(modelOf(100));
    expect((await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: project, experiment_id: full.experiment } })).status).toBe(200);
    const { data } = (await send(api, 'GET', `/v1/experiment/list/${project}`, { key: api.adminKey })).body as { data: Array<{ experiment_id: string }> };
    for (const { experiment_id } of data) if (experiment_id !== place.experiment) await remove(api, { project, experiment: experiment_id });
    expect((await putRaw(await askTicket(api, place), modelOf(20))).status).toBe(204);
  });

  it.each(ticketWays)('refuses a ticket\'s bytes by %s, keeps none of them, and the ticket works once there is room', async (_way, upload) => {
    const project = await newProject(api);
    await limit(api, project, 99);
    const place = await newPlaceIn(project);
    const ticket = await askTicket(api, place);
    expectProblem(await upload(ticket, modelOf(100)), 507, 'project_storage_full');
    await expectNothingKept(api, place);
    await limit(api, project, 100);
    expect((await upload(ticket, modelOf(100))).status).toBe(204);
  });

  it('refuses before the bytes travel where their number is announced, and in the middle where it is not', async () => {
    const project = await newProject(api);
    await limit(api, project, 100_000);
    const place = await newPlaceIn(project);
    const url = putUrl(await askTicket(api, place));
    const announced = openRequest(url, 'PUT', { 'Content-Type': 'application/octet-stream', 'Content-Length': 100_001 });
    announced.req.flushHeaders();
    expectProblem(await announced.reply, 507, 'project_storage_full');
    announced.req.destroy();

    const streamed = openRequest(url, 'PUT', { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' });
    streamed.req.write(`{"w":[1${' '.repeat(100_000)}`);
    expectProblem(await streamed.reply, 507, 'project_storage_full');
    streamed.req.destroy();
    await expectNothingKept(api, place);
  });

  it('is never more than the limit, however many uploads come at once', async () => {
    const project = await newProject(api);
    await limit(api, project, 750);
    const places = await Promise.all(Array.from({ length: 20 }, () => newPlaceIn(project)));
    const tickets = await Promise.all(places.map((place) => askTicket(api, place)));
    const replies = await Promise.all(tickets.map((ticket, n) => [putRaw, postForm][n % 2]!(ticket, modelOf(100))));
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(7);
    for (const reply of replies) if (reply.status !== 204) expectProblem(reply, 507, 'project_storage_full');
    expect(await blobsOf(api, project)).toHaveLength(7);
    expect((await storage(api, project)).stored_bytes).toBe(700);
    await nothingStaged(api);
  });

  it('lets the same update come again when there is no room for another', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    const [device, other] = training.devices;
    const text = JSON.stringify(model(1));
    await submitUpdate(api, training, job, device!, model(1));
    await limit(api, training.project, 1);
    expect((await submitUpdate(api, training, job, device!, model(1))).status).toBe(204);
    expect((await putRaw(await updateTicket(api, training, job, device!), text)).status).toBe(204);
    expectProblem(await submitUpdate(api, training, job, other!, model(2)), 507, 'project_storage_full');
    await expect(updateTicket(api, training, job, other!)).rejects.toThrow('project_storage_full');
    expect((await getJob(api, training, job)).status).toBe('IN_PROGRESS');
  });

  it('lets an upload come again under its Idempotency-Key when there is no room for another', async () => {
    const project = await newProject(api);
    const place = await newPlaceIn(project);
    const ask = async () =>
      (await send(api, 'POST', '/v1/experiment/submit_start_model', {
        key: api.adminKey,
        json: { project_id: project, experiment_id: place.experiment },
        headers: { 'Idempotency-Key': 'one upload' },
      })).body.model_url;
    expect((await putRaw(await ask(), modelOf(100))).status).toBe(204);
    await limit(api, project, 1);
    expect((await putRaw(await ask(), modelOf(100))).status).toBe(204);
  });

  describe('when an aggregate does not fit', () => {
    async function aggregating(): Promise<{ training: Training; job: string; next: string; stored: number }> {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      const next = await newJob(api, training);
      const { stored_bytes } = await storage(api, training.project);
      const [one, two] = [model(1), model(2)];
      const updates = JSON.stringify(one).length + JSON.stringify(two).length;
      await limit(api, training.project, stored_bytes + updates + 5);
      await submitUpdate(api, training, job, training.devices[0]!, one);
      await submitUpdate(api, training, job, training.devices[1]!, two);
      return { training, job, next, stored: stored_bytes + updates };
    }

    it('its job fails at once and says why, the model stays, and the next job starts', async () => {
      const { training, job, next, stored } = await aggregating();
      await jobWith(api, training, job, 'FAILED');
      const { data } = (await send(api, 'GET', `/v1/job/list/${training.project}/${training.experiment}`, { key: api.adminKey })).body;
      const { reason } = data.find(({ job_id }: { job_id: string }) => job_id === job);
      expect(reason).toMatch(/^no room for the aggregate: /);
      for (const figure of [stored, stored + 5]) expect(reason).toContain(String(figure));
      await jobWith(api, training, next, 'IN_PROGRESS');
      expect(await storage(api, training.project)).toMatchObject({ stored_bytes: stored });
      expect(await blobsOf(api, training.project)).toHaveLength(3);
      const task = await api.ctx.db.prisma.task.findFirstOrThrow({ where: { kind: 'aggregate', dedupeKey: job } });
      expect(task).toMatchObject({ failures: 0, finishedAt: expect.any(Date) });
      expect((await eventsOf(api, training)).filter(({ type }) => type === 'current_model_changed')).toEqual([]);
    });

    it('the same goes well once there is room, when the job is tried again', async () => {
      const { training, job, next } = await aggregating();
      await jobWith(api, training, job, 'FAILED');
      await limit(api, training.project, null);
      await send(api, 'POST', '/v1/job/cancel', { key: api.adminKey, json: { project_id: training.project, job_id: next } });
      const { body } = await send(api, 'POST', '/v1/job/retry', { key: api.adminKey, json: { project_id: training.project, job_id: job } });
      for (const device of training.devices) await submitUpdate(api, training, body.ID as string, device, model(3));
      await jobWith(api, training, body.ID as string, 'COMPLETED');
    });
  });

  it('goes with the project, and nothing is left of it', async () => {
    const training = await newTraining(api, 1);
    await newDevice(api, training.project);
    expect((await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: training.project } })).status).toBe(200);
    expect((await send(api, 'GET', `/v1/project/storage/${training.project}`, { key: api.adminKey })).status).toBe(404);
    expect(await blobsOf(api, training.project)).toEqual([]);
  });
});

describe.each(databases)('MAX_PROJECT_BYTES on %s', (database) => {
  it('holds for every project that has no limit of its own, higher or lower', async () => {
    const api = await startApi(database, { MAX_PROJECT_BYTES: '100' });
    try {
      const submit = async (project: string, bytes: number) => (await submitText(api, { project, experiment: await newExperiment(api, project) }, modelOf(bytes))).status;
      const [usual, more, less] = [await newProject(api), await newProject(api), await newProject(api)];
      expect((await limit(api, more, 200)).body).toEqual({ stored_bytes: 0, max_bytes: 200, own_max_bytes: 200 });
      await limit(api, less, 50);
      expect([await submit(usual, 101), await submit(more, 200), await submit(less, 51)]).toEqual([507, 204, 507]);
      expect([await submit(usual, 100), await submit(usual, 10), await submit(less, 50)]).toEqual([204, 507, 204]);
      expect((await limit(api, more, null)).body).toEqual({ stored_bytes: 200, max_bytes: 100, own_max_bytes: null });
      expect(await submit(more, 10)).toBe(507);
    } finally {
      await api.close();
    }
  });
});

it('a fork and the deletion of what it shares, at the same moment on PostgreSQL, both happen, and its model is counted once', { timeout: 120_000 }, async () => {
  const api = await startApi('postgresql', { DATABASE_URL: await createDatabase(inject('postgresUrl')) });
  // What a transaction sees of who waits for it does not change until it is over, so another connection looks.
  const [database, onlooker] = [1, 2].map(() => new Client({ connectionString: api.ctx.config.database.url })) as [Client, Client];
  for (const client of [database, onlooker]) await client.connect();
  try {
    const project = await newProject(api);
    const place = { project, experiment: await newExperiment(api, project) };
    await submitText(api, place, modelOf(100));
    const waiting = (count: number) =>
      eventually(`${count} wait for a lock`, async () => {
        const { rows } = await onlooker.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
        return rows.length >= count;
      });
    // The fork has looked at the model that it is going to share, and is held up before it has committed.
    await database.query('BEGIN');
    await database.query('LOCK TABLE "ModelLayout" IN SHARE ROW EXCLUSIVE MODE');
    const forked = send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id: project, experiment_id: place.experiment } });
    await waiting(1);
    const removed = remove(api, place);
    await waiting(2);
    await database.query('COMMIT');
    expect([(await forked).status, (await removed).status]).toEqual([200, 200]);
    expect((await storage(api, project)).stored_bytes).toBe(100);
    expect((await download(api, { project, experiment: (await forked).body.ID as string })).bytes.toString()).toBe(modelOf(100));
  } finally {
    for (const client of [database, onlooker]) await client.end();
    await api.close();
  }
});

it('two servers on one PostgreSQL take no more together than a project may keep', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-limit-'));
  const env = {
    DATABASE_URL: await createDatabase(inject('postgresUrl')),
    DATABASE_ALLOW_UNSAFE_FSYNC: '1',
    STORAGE_URL: `file:${path.join(folder, 'blobs')}`,
    SECRET_KEY: 'the-same-secret-for-both-servers-0123456789',
  };
  const servers = [];
  try {
    for (const name of ['one', 'two']) servers.push(await startServer({ dataDir: path.join(folder, name), env }));
    const apis = servers.map(({ url, key }) => ({ url, adminKey: key }) as TestApi);
    const project = await newProject(apis[0]!);
    await limit(apis[0]!, project, 1_050);
    const places = await Promise.all(Array.from({ length: 24 }, async () => ({ project, experiment: await newExperiment(apis[0]!, project) })));
    const replies = await Promise.all(places.map((place, n) => submitText(apis[n % 2]!, place, modelOf(100))));
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(10);
    for (const reply of replies) if (reply.status !== 204) expectProblem(reply, 507, 'project_storage_full');
    expect((await storage(apis[1]!, project)).stored_bytes).toBe(1_000);
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
