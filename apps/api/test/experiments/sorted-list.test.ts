import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly isActive: boolean;
  readonly archived: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly string[];
  /** Of the last job that completed. */
  readonly loss: number | undefined;
}

interface Asked {
  readonly status?: 'active' | 'idle';
  readonly q?: string;
  readonly tag?: string;
  readonly ids?: string;
  readonly archived?: 'exclude' | 'include' | 'only';
  readonly sort?: 'created' | 'updated' | 'name' | 'metric';
  readonly order?: 'asc' | 'desc';
}

const fits = (row: Row, { status, q, tag, ids, archived = 'exclude' }: Asked) =>
  (status === undefined || row.isActive === (status === 'active')) &&
  (q === undefined || row.name?.normalize('NFC').toLowerCase().includes(q.normalize('NFC').toLowerCase()) === true || row.id.startsWith(q.toLowerCase())) &&
  (tag === undefined || row.tags.includes(tag)) &&
  (ids === undefined || ids.split(',').includes(row.id)) &&
  (archived === 'include' || row.archived === (archived === 'only'));

/** What a row is sorted by; undefined: it comes last. */
const keyOf = (row: Row, sort: Asked['sort']) =>
  ({ created: row.createdAt, updated: row.updatedAt, name: row.name?.toLowerCase(), metric: row.loss })[sort ?? 'created'];

/** The straightforward way: all of them, filtered and sorted in memory. */
function expected(rows: readonly Row[], asked: Asked): string[] {
  const sign = (asked.order ?? (asked.sort === 'name' ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  const compare = (one: Row, other: Row, sort: Asked['sort'], direction: number) => {
    const [a, b] = [keyOf(one, sort)!, keyOf(other, sort)!];
    return direction * (a < b ? -1 : a > b ? 1 : one.id < other.id ? -1 : 1);
  };
  const found = rows.filter((row) => fits(row, asked));
  const [keyed, rest] = [found.filter((row) => keyOf(row, asked.sort) !== undefined), found.filter((row) => keyOf(row, asked.sort) === undefined)];
  return [...keyed.sort((one, other) => compare(one, other, asked.sort, sign)), ...rest.sort((one, other) => compare(one, other, 'created', -1))].map(({ id }) => id);
}

const NAMES = ['Digits', 'digits again', 'DIGITS', 'Größe', 'größer', 'a%b', 'a_b', 'a\\b', 'axb', "o'clock", '手書き', 'baseline'];

describe.each(databases)('experiment/list, searched and sorted, on %s', (database) => {
  let api: TestApi;
  let project: string;
  let rows: Row[];
  const random = seededRandom(testSeed(`experiment/list on ${database}`));
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;

  beforeAll(async () => {
    api = await startApi(database);
    project = await newProject(api);
    rows = await randomExperiments(project, 60);
    // Of another project, and never to be seen.
    await randomExperiments(await newProject(api), 20);
  });
  afterAll(() => api.close());

  /** Straight into the database, as the server leaves them; names by the server itself. */
  async function randomExperiments(inProject: string, count: number): Promise<Row[]> {
    const { prisma } = api.ctx.db;
    const made: Row[] = [];
    for (let at = 0; at < count; at++) {
      const name = random() < 0.2 ? null : `${pick(NAMES)}${random() < 0.5 ? '' : ` ${below(4)}`}`;
      const { body } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: inProject, ...(name !== null && { experiment_name: name }) } });
      const row: Row = {
        id: body.ID as string,
        name,
        isActive: random() < 0.3,
        archived: random() < 0.3,
        // Few moments and few values, so that ids have to decide.
        createdAt: 1_700_000_000_000 + below(20),
        updatedAt: 1_700_000_000_000 + below(20),
        tags: ['paper', 'x,y', 'gpu'].filter(() => random() < 0.4),
        loss: random() < 0.4 ? undefined : pick([-1, 0, 0.25, 1 / 3, 1e300, 5e-324]),
      };
      made.push(row);
      const [jobId, earlier] = [api.ctx.newId(), api.ctx.newId()];
      await prisma.experiment.update({
        where: { id: row.id },
        data: { isActive: row.isActive, archivedAt: row.archived ? new Date() : null, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt), lastCompletedJobId: jobId },
      });
      await prisma.experimentTag.createMany({ data: row.tags.map((tag) => ({ experimentId: row.id, tag, projectId: inProject })) });
      const metric = (position: number, name_: string, value: number, job = jobId) => ({ experimentId: row.id, position, projectId: inProject, jobId: job, name: name_, value });
      // The second one is left over from a job that had more of them.
      await prisma.experimentMetric.createMany({ data: [row.loss === undefined ? metric(0, 'accuracy', 0.5) : metric(0, 'loss', row.loss), metric(1, 'loss', below(10), earlier)] });
    }
    return made;
  }

  const list = (query: Record<string, string | number | undefined>) => {
    const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
    return send(api, 'GET', `/v1/experiment/list/${project}?${new URLSearchParams(given).toString()}`, { key: api.adminKey });
  };

  /** Follows the cursors to the end. */
  async function walk(asked: Asked, limit: number): Promise<string[]> {
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const { status, body, text } = await list({ ...asked, metric: asked.sort === 'metric' ? 'loss' : undefined, limit, cursor });
      expect(status, text).toBe(200);
      expect(body.total).toBe(rows.filter((row) => fits(row, asked)).length);
      seen.push(...body.data.map(({ experiment_id }: { experiment_id: string }) => experiment_id));
      if (body.next_cursor === null) return seen;
      expect(body.data).toHaveLength(limit);
      cursor = body.next_cursor as string;
    }
  }

  const sorts = ['created', 'updated', 'name', 'metric'] as const;
  it.each(sorts.flatMap((sort) => (['asc', 'desc', undefined] as const).map((order) => ({ sort, order }))))('goes by $sort, $order, each once whatever the page', async ({ sort, order }) => {
    const asked: Asked = { sort, ...(order && { order }), archived: 'include' };
    for (const limit of [1, 7, 60, 200]) expect(await walk(asked, limit)).toEqual(expected(rows, asked));
  });

  it('has what a straightforward search finds, for any filters, order and size of page', async () => {
    for (let round = 0; round < 80; round++) {
      const asked: Asked = {
        sort: pick(sorts),
        ...(random() < 0.5 && { order: pick(['asc', 'desc'] as const) }),
        ...(random() < 0.3 && { status: pick(['active', 'idle'] as const) }),
        ...(random() < 0.7 && { archived: pick(['exclude', 'include', 'only'] as const) }),
        ...(random() < 0.4 && { tag: pick(['paper', 'x,y', 'gpu', 'none']) }),
        ...(random() < 0.4 && { q: pick(['dig', 'DIG', 'gro\u0308ße', '%', '_', '\\', 'a_b', "'", '手', 'nothing', pick(rows).id.slice(0, 3), pick(rows).id.toUpperCase()]) }),
        ...(random() < 0.2 && { ids: Array.from({ length: 1 + below(30) }, () => pick(rows).id).join(',') }),
      };
      expect(await walk(asked, 1 + below(20)), JSON.stringify(asked)).toEqual(expected(rows, asked));
    }
  });

  it('shows the metrics of the last job that completed, or those that are asked for, and no other', async () => {
    const { body } = await list({ archived: 'include', limit: 200 });
    const metricsOf = ({ loss }: Row) => (loss === undefined ? { accuracy: 0.5 } : { loss });
    expect(Object.fromEntries(body.data.map((row: { experiment_id: string; metrics: unknown }) => [row.experiment_id, row.metrics]))).toEqual(Object.fromEntries(rows.map((row) => [row.id, metricsOf(row)])));
    const { body: narrowed } = await list({ archived: 'include', limit: 200, metrics: 'accuracy,missing' });
    for (const { metrics } of narrowed.data) expect(Object.keys(metrics as object)).toEqual(Object.hasOwn(metrics as object, 'accuracy') ? ['accuracy'] : []);
  });

  it('shows tags in their order', async () => {
    const { body } = await list({ archived: 'include', limit: 200 });
    expect(Object.fromEntries(body.data.map((row: { experiment_id: string; tags: unknown }) => [row.experiment_id, row.tags]))).toEqual(
      Object.fromEntries(rows.map(({ id, tags }) => [id, tags.toSorted()])),
    );
  });

  describe('400 invalid_request', () => {
    it.each([
      ['sort=metric', '/query/metric'],
      ['sort=size', '/query/sort'],
      ['order=up', '/query/order'],
      ['archived=true', '/query/archived'],
      ['ids=', '/query/ids'],
      ['ids=abc', '/query/ids/0'],
      [`ids=${Array(101).fill('a'.repeat(32)).join(',')}`, '/query/ids'],
      ['q=', '/query/q'],
      ['tag=%00', '/query/tag'],
      [`metrics=${'a'.repeat(101)}`, '/query/metrics/0'],
      ['params=,', '/query/params'],
    ])('for ?%s', async (query, path) => {
      const { status, body } = await send(api, 'GET', `/v1/experiment/list/${project}?${query}`, { key: api.adminKey });
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', path]);
    });

    it('for a cursor of another order, or one that nobody gave out', async () => {
      const { body } = await list({ sort: 'updated', limit: 1 });
      const at = (text: string) => Buffer.from(text).toString('base64url');
      for (const cursor of [body.next_cursor as string, at(`n${'a'.repeat(32)}a\0b`), at(`m${'a'.repeat(32)}NaN`), at(`m${'a'.repeat(32)}`), at('n')]) {
        for (const sort of ['name', 'metric']) {
          const { status, body: problem } = await list({ sort, metric: 'loss', cursor });
          expect([status, problem.errors?.[0]?.path]).toEqual([400, '/query/cursor']);
        }
      }
    });
  });
});
