import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, newProject, send, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { insertJob } from '../support/rows.js';
import { newPlace } from '../support/uploads.js';

describe.each(databases)('lists on %s', (database) => {
  let api: TestApi;
  let now = Date.parse('2026-03-01T00:00:00.000Z');
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => now) });
  });
  afterAll(() => api.close());

  const list = (project: string, query = '') => send(api, 'GET', `/v1/experiment/list/${project}${query}`, { key: api.adminKey });

  const idsOf = (page: { data: { experiment_id: string }[] }) => page.data.map((entry) => entry.experiment_id);

  /** Experiments one millisecond apart, or all in one millisecond; newest first. */
  async function create(project: string, count: number, apartMs = 1): Promise<string[]> {
    const ids: string[] = [];
    for (let made = 0; made < count; made++) {
      ids.unshift(await newExperiment(api, project));
      now += apartMs;
    }
    return ids;
  }

  /** Follows the cursors to the end. */
  async function walk(project: string, limit: number, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
    const seen: string[] = [];
    for (let query = `?limit=${limit}`; ; ) {
      const { status, body } = await list(project, query);
      expect(status).toBe(200);
      expect(body.data.length).toBeLessThanOrEqual(limit);
      seen.push(...idsOf(body));
      if (body.next_cursor === null) return seen;
      expect(body.data).toHaveLength(limit);
      query = `?limit=${limit}&cursor=${encodeURIComponent(body.next_cursor)}`;
      await between();
    }
  }

  describe('a page', () => {
    it('tells of each experiment, newest first', async () => {
      const project = await newProject(api);
      const createdAt = new Date(now).toISOString();
      const { body: first } = await send(api, 'POST', '/v1/experiment/create', {
        key: api.adminKey,
        json: { project_id: project, experiment_name: 'Baseline', experiment_description: '' },
      });
      now += 1000;
      const second = await newExperiment(api, project);
      const { body } = await list(project);
      expect(body.next_cursor).toBeNull();
      expect(idsOf(body)).toEqual([second, first.ID]);
      expect(body.data[1]).toEqual({
        experiment_id: first.ID,
        name: 'Baseline',
        description: '',
        status: 'idle',
        current_job: 'NONE',
        num_jobs: 0,
        created_at: createdAt,
        updated_at: createdAt,
        archived_at: null,
        paused_at: null,
        forked_from: null,
        tags: [],
        live_job: null,
        last_job: null,
        metrics: {},
        params: {},
      });
      expect(body.total).toBe(2);
    });

    it('is empty in a project without experiments', async () => {
      expect((await list(await newProject(api))).body).toEqual({ data: [], next_cursor: null, total: 0 });
    });

    it('holds experiments of its own project only', async () => {
      const [one, other] = [await newPlace(api), await newPlace(api)];
      expect(idsOf((await list(one.project)).body)).toEqual([one.experiment]);
      expect(idsOf((await list(other.project)).body)).toEqual([other.experiment]);
    });

    it('counts the jobs and names the current one', async () => {
      const place = await newPlace(api);
      await insertJob(api, place);
      const job = await insertJob(api, place);
      expect((await list(place.project)).body.data).toMatchObject([{ num_jobs: 2, current_job: job }]);
    });

    it('has 50 entries unless asked for fewer or more', async () => {
      const project = await newProject(api);
      await create(project, 53);
      expect((await list(project)).body.data).toHaveLength(50);
      expect((await list(project, '?limit=1')).body.data).toHaveLength(1);
      expect((await list(project, '?limit=200')).body.data).toHaveLength(53);
    });

    it('can be narrowed to a status', async () => {
      const project = await newProject(api);
      const [active, idle] = [await newExperiment(api, project), await newExperiment(api, project)];
      await api.ctx.db.prisma.experiment.update({ where: { id: active }, data: { isActive: true } });
      expect(idsOf((await list(project, '?status=active')).body)).toEqual([active]);
      expect(idsOf((await list(project, '?status=idle')).body)).toEqual([idle]);
      expect((await list(project, '?status=asleep')).status).toBe(400);
    });
  });

  describe('following the cursors', () => {
    it.each([1, 2, 3, 7, 10, 11])('shows each experiment once, in order, %i at a time', async (limit) => {
      const project = await newProject(api);
      const ids = await create(project, 10);
      expect(await walk(project, limit)).toEqual(ids);
    });

    it('shows each experiment once when all were made in the same millisecond', async () => {
      const project = await newProject(api);
      const ids = await create(project, 10, 0);
      const seen = await walk(project, 3);
      expect([...seen].sort()).toEqual([...ids].sort());
      expect(seen).toEqual([...seen].sort().reverse());
    });

    it('neither repeats nor skips any while new ones are created', async () => {
      const project = await newProject(api);
      const ids = await create(project, 10);
      expect(await walk(project, 2, () => create(project, 3))).toEqual(ids);
    });

    it('neither repeats nor skips any while those already shown go away', async () => {
      const project = await newProject(api);
      const ids = await create(project, 6);
      const gone = [...ids];
      const seen = await walk(project, 2, () => api.ctx.db.prisma.experiment.delete({ where: { id: gone.shift()! } }));
      expect(seen).toEqual(ids);
    });
  });

  describe('400 invalid_request', () => {
    const at = (time: string) => Buffer.from(time).toString('base64url');

    it.each(['0', '-1', '201', '1.5', '1e9', 'ten', '', ' ', 'NaN', '1&limit=2'])('for a limit of "%s"', async (limit) => {
      const project = await newProject(api);
      const { status, body } = await list(project, `?limit=${limit}`);
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', '/query/limit']);
    });

    it.each([
      ['empty', ''],
      ['no base64', '!!!!'],
      ['text', at('hello')],
      ['no id', at('1700000000000.')],
      ['no time', at(`.${'a'.repeat(32)}`)],
      ['a negative time', at(`-1.${'a'.repeat(32)}`)],
      ['a time beyond all calendars', at(`999999999999999.${'a'.repeat(32)}`)],
      ['an injection', at(`1.a' OR '1'='1`)],
      ['NUL', at('1.\0')],
      ['too long', 'A'.repeat(201)],
    ])('for a cursor that is %s', async (_what, cursor) => {
      const { project } = await newPlace(api);
      for (const path of [`/v1/experiment/list/${project}`, `/v1/project/members/${project}`, '/v1/project/list', '/v1/auth/list']) {
        const { status, body } = await send(api, 'GET', `${path}?cursor=${encodeURIComponent(cursor)}`, { key: api.adminKey });
        expect([path, status, body.code, body.errors?.[0]?.path]).toEqual([path, 400, 'invalid_request', '/query/cursor']);
      }
    });
  });

  it('a cursor of one project shows nothing of another project', async () => {
    const [mine, other] = [await newProject(api), await newProject(api)];
    await create(mine, 2);
    const hidden = await create(other, 3);
    const { body: first } = await list(mine, '?limit=1');
    const { body } = await list(other, `?cursor=${first.next_cursor}`);
    for (const id of idsOf(body)) expect(hidden).toContain(id);
  });
});
