import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ADMIN_KEY, createDatabase, eventually, startServer, testSeed, seededRandom } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databases, newExperiment, newProject, newUser, send, startApi, type Reply, type TestApi } from './support/api.js';
import { timeOfDay } from './support/clock.js';

const day = 24 * 60 * 60 * 1000;

describe.each(databases)('a POST with an Idempotency-Key, on %s', (database) => {
  let api: TestApi;
  let project: string;
  const beginning = Date.now();
  let ahead = 0;
  let keys = 0;
  const newKey = () => `key-${++keys}`;

  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => beginning + ahead) });
    project = await newProject(api);
  });
  afterAll(() => api.close());

  const post = (where: string, json: unknown, idempotencyKey: string, key: string | undefined = api.adminKey): Promise<Reply> =>
    send(api, 'POST', where, { key, json, headers: { 'Idempotency-Key': idempotencyKey } });
  const storedAnswers = () => api.ctx.db.prisma.idempotentAnswer.count();

  describe('sent again', () => {
    it.each([
      ['project/create', () => ({ project_name: 'Once' })],
      ['experiment/create', () => ({ project_id: project, hyperparameters: { b: 1, a: [2.5e-3] } })],
      ['auth/create', () => ({ label: 'laptop' })],
      ['user/create', () => ({})],
      ['device/create', () => ({ project_id: project })],
    ])('gets the same bytes from %s', async (operation, body) => {
      const key = newKey();
      const first = await post(`/v1/${operation}`, body(), key);
      const second = await post(`/v1/${operation}`, body(), key);
      expect(first.status).toBe(200);
      expect([second.status, second.text, second.headers.get('content-type')]).toEqual([200, first.text, first.headers.get('content-type')]);
      expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    });

    it('gets the very API key that auth/create made, and it works', async () => {
      const key = newKey();
      const first = await post('/v1/auth/create', {}, key);
      const second = await post('/v1/auth/create', {}, key);
      expect(second.body.key).toBe(first.body.key);
      expect((await send(api, 'GET', '/v1/auth/list', { key: second.body.key as string })).status).toBe(200);
    });

    it('gets the 204 of an inline start model, which an experiment takes only once', async () => {
      const key = newKey();
      const body = { project_id: project, experiment_id: await newExperiment(api, project), model: { w: [1, 2] } };
      expect((await post('/v1/experiment/submit_start_model', body, key)).status).toBe(204);
      const again = await post('/v1/experiment/submit_start_model', body, key);
      expect([again.status, again.text]).toEqual([204, '']);
      expect((await post('/v1/experiment/submit_start_model', body, newKey())).body.code).toBe('start_model_already_submitted');
    });

    it('gets the same upload ticket', async () => {
      const key = newKey();
      const body = { project_id: project, experiment_id: await newExperiment(api, project) };
      const first = await post('/v1/experiment/submit_start_model', body, key);
      expect((await post('/v1/experiment/submit_start_model', body, key)).text).toBe(first.text);
    });

    it('gets the 200 of project/delete, although the caller can not see the project any more', async () => {
      const key = newKey();
      const body = { project_id: await newProject(api) };
      expect((await post('/v1/project/delete', body, key)).status).toBe(200);
      const again = await post('/v1/project/delete', body, key);
      expect([again.status, again.text]).toEqual([200, '{}']);
    });

    it('gets the same bytes with any key of the same user', async () => {
      const other = (await send(api, 'POST', '/v1/auth/create', { key: api.adminKey, json: {} })).body.key as string;
      const key = newKey();
      const first = await post('/v1/project/create', { project_name: 'Once' }, key);
      expect((await post('/v1/project/create', { project_name: 'Once' }, key, other)).text).toBe(first.text);
    });
  });

  describe('with another request', () => {
    const refused = (reply: Reply) => expect([reply.status, reply.body.code]).toEqual([422, 'idempotency_key_reused']);

    it('is refused when the body differs', async () => {
      const key = newKey();
      await post('/v1/project/create', { project_name: 'One' }, key);
      refused(await post('/v1/project/create', { project_name: 'Two' }, key));
    });

    it('is refused when the operation differs', async () => {
      const key = newKey();
      await post('/v1/auth/create', {}, key);
      refused(await post('/v1/auth/create_key', {}, key));
    });

    it('is refused when only the model differs', async () => {
      const key = newKey();
      const body = { project_id: project, experiment_id: await newExperiment(api, project) };
      expect((await post('/v1/experiment/submit_start_model', { ...body, model: { w: [1] } }, key)).status).toBe(204);
      refused(await post('/v1/experiment/submit_start_model', { ...body, model: { w: [2] } }, key));
    });
  });

  it('makes exactly one experiment of 20 requests at once; the others get its answer or 409', async () => {
    const own = await newProject(api);
    const key = newKey();
    const replies = await Promise.all(Array.from({ length: 20 }, () => post('/v1/experiment/create', { project_id: own }, key)));
    const made = new Set(replies.filter(({ status }) => status === 200).map(({ text }) => text));
    expect(made.size).toBe(1);
    for (const { status, body, headers } of replies.filter((reply) => reply.status !== 200)) {
      expect([status, body.code]).toEqual([409, 'idempotency_in_progress']);
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(await api.ctx.db.prisma.experiment.count({ where: { projectId: own } })).toBe(1);
    expect((await post('/v1/experiment/create', { project_id: own }, key)).text).toBe([...made][0]);
  });

  describe('stores nothing', () => {
    it('for a request that is not valid, so that it can be put right under the same key', async () => {
      const key = newKey();
      const before = await storedAnswers();
      expect((await post('/v1/project/create', { project_name: 7 }, key)).status).toBe(400);
      expect(await storedAnswers()).toBe(before);
      expect((await post('/v1/project/create', { project_name: 'seven' }, key)).status).toBe(200);
    });

    it('for a request that the state of things refuses', async () => {
      const key = newKey();
      const before = await storedAnswers();
      expect((await post('/v1/project/delete', { project_id: '0'.repeat(32) }, key)).status).toBe(404);
      expect(await storedAnswers()).toBe(before);
    });

    it('without a good key', async () => {
      const key = newKey();
      const before = await storedAnswers();
      expect((await post('/v1/project/create', { project_name: 'x' }, key, 'not-a-key')).status).toBe(401);
      expect(await storedAnswers()).toBe(before);
      expect((await post('/v1/project/create', { project_name: 'x' }, key)).status).toBe(200);
    });
  });

  it('is nobody else\'s: the same key of another user is another key', async () => {
    const key = newKey();
    const { key: stranger } = await newUser(api);
    const mine = await post('/v1/project/create', { project_name: 'Same' }, key);
    const theirs = await post('/v1/project/create', { project_name: 'Same' }, key, stranger);
    expect(theirs.status).toBe(200);
    expect(theirs.body.project_id).not.toBe(mine.body.project_id);
  });

  it.each([
    ['0 characters', ''],
    ['256 characters', 'x'.repeat(256)],
  ])('is refused when the key has %s', async (_, key) => {
    const { status, body } = await post('/v1/project/create', { project_name: 'x' }, key);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'invalid_request', '/headers/idempotency-key']);
  });

  it('may have a key of 255 characters', async () => {
    expect((await post('/v1/project/create', { project_name: 'x' }, 'x'.repeat(255))).status).toBe(200);
  });

  it('is remembered for 24 hours and not longer', async () => {
    const key = newKey();
    const first = await post('/v1/project/create', { project_name: 'Once' }, key);
    ahead = day - 5000;
    expect((await post('/v1/project/create', { project_name: 'Once' }, key)).text).toBe(first.text);
    ahead = day + 5000;
    const later = await post('/v1/project/create', { project_name: 'Once' }, key);
    ahead = 0;
    expect(later.status).toBe(200);
    expect(later.text).not.toBe(first.text);
  });

  it('leaves no answer in the database that can be read without the secret', async () => {
    const { body } = await post('/v1/auth/create', {}, newKey());
    const rows = await api.ctx.db.prisma.idempotentAnswer.findMany();
    expect(rows.length).toBeGreaterThan(0);
    for (const { answer } of rows) {
      const text = Buffer.from(answer).toString('latin1');
      expect(text).not.toMatch(/vgu_|"key"|project_id/);
      expect(text).not.toContain(body.key);
    }
  });
});

it('keeps no API key in the files of a SQLite database', async () => {
  const api = await startApi('sqlite');
  try {
    const { body } = await send(api, 'POST', '/v1/auth/create', { key: api.adminKey, json: {}, headers: { 'Idempotency-Key': 'one' } });
    const key = body.key as string;
    const files = await Promise.all(['vergeai.db', 'vergeai.db-wal'].map((file) => readFile(path.join(api.dataDir, file), 'latin1')));
    expect(files.join('')).toContain(key.split('_')[1]);
    for (const part of [key, key.slice(-51), key.slice(-51, -8), api.adminKey]) expect(files.join('')).not.toContain(part);
  } finally {
    await api.close();
  }
});

it('stores nothing for a request that came too often', async () => {
  const api = await startApi('sqlite', { RATE_LIMIT_PER_KEY: '1' });
  try {
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, at) => send(api, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'x' }, headers: { 'Idempotency-Key': `k${at}` } })),
    );
    const statuses = replies.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await api.ctx.db.prisma.idempotentAnswer.count()).toBe(statuses.filter((status) => status === 200).length);
  } finally {
    await api.close();
  }
});

describe.each(databases)('a server on %s that is killed while it creates', (database) => {
  const ROUNDS = 3;
  const AT_ONCE = 12;

  it('never creates twice what is asked for again under the same keys', { timeout: 300_000 }, async () => {
    const random = seededRandom(testSeed(`kill -9 with idempotency keys on ${database}`));
    const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-kill-'));
    const env = database === 'postgresql' ? { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } : {};
    let server = await startServer({ dataDir, env });
    const create = async (key: string): Promise<string | undefined> => {
      const reply = await send(server, 'POST', '/v1/project/create', { key: ADMIN_KEY, json: { project_name: key }, headers: { 'Idempotency-Key': key } }).catch(() => undefined);
      return reply?.status === 200 ? (reply.body.project_id as string) : undefined;
    };
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const keys = Array.from({ length: 60 }, (_, at) => `${round}-${at}`);
        const acknowledged = new Map<string, string>();
        const killAfter = Math.floor(random() * 40);
        let next = 0;
        const client = async () => {
          for (let key = keys[next++]; key; key = keys[next++]) {
            const id = await create(key);
            if (!id) return;
            acknowledged.set(key, id);
          }
        };
        const clients = Promise.all(Array.from({ length: AT_ONCE }, client));
        await eventually('some are created', () => acknowledged.size >= killAfter);
        await server.kill();
        await clients;
        server = await startServer({ dataDir, env });

        const ids = await Promise.all(keys.map(create));
        for (const [at, key] of keys.entries()) {
          expect(ids[at], key).toBeDefined();
          if (acknowledged.has(key)) expect(ids[at], key).toBe(acknowledged.get(key));
        }
        expect(await namesOfProjects(server.url, `${round}-`)).toEqual(keys.sort());
      }
    } finally {
      await server.kill();
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  async function namesOfProjects(url: string, prefix: string): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: Reply = await send({ url }, 'GET', `/v1/project/list?limit=200${cursor ? `&cursor=${cursor}` : ''}`, { key: ADMIN_KEY });
      names.push(...(body.data as { name: string }[]).map(({ name }) => name));
      cursor = body.next_cursor as string | null;
    } while (cursor);
    return names.filter((name) => name.startsWith(prefix)).sort();
  }
});
