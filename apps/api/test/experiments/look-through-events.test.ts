import { randomBytes } from 'node:crypto';
import { eventTypes, type EventType } from '@vergeai/contract';
import { eventually, seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { listen as listenTo, type Listener } from '../support/listen.js';
import { notingQueries, planOf, type Query } from '../support/query-plans.js';
import { newPlace, type Place } from '../support/uploads.js';

const COUNT = 20_000;
/** The few among the many. */
const rare = new Map<number, EventType>([[2, 'start_model_submitted'], [777, 'job_failed'], [10_000, 'job_failed'], [19_999, 'job_failed'], [12_000, 'experiment_updated']]);

interface Row {
  readonly sequence: number;
  readonly type: string;
  readonly job_id: string | null;
  readonly device_id: string | null;
}

describe.each(databases)('looking through a log of 20,000 events on %s', (database) => {
  let api: TestApi;
  let place: Place;
  let log: Row[];
  const queries: Query[] = [];
  const jobs = Array.from({ length: 40 }, () => randomBytes(16).toString('hex'));
  const devices = Array.from({ length: 50 }, () => randomBytes(16).toString('hex'));
  const listening: Listener[] = [];

  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { change: notingQueries(queries) });
    place = await newPlace(api);
    const random = seededRandom(testSeed(`looking through events on ${database}`));
    log = Array.from({ length: COUNT }, (_, at): Row => {
      const sequence = at + 1;
      const job_id = jobs[Math.min(jobs.length - 1, Math.floor((at / COUNT) * jobs.length + random()))]!;
      const type = rare.get(sequence);
      if (sequence === 1) return { sequence, type: 'experiment_created', job_id: null, device_id: null };
      if (type) return { sequence, type, job_id: type.startsWith('job') ? job_id : null, device_id: null };
      if (random() < 0.1) return { sequence, type: random() < 0.5 ? 'job_in_progress' : 'job_completed', job_id, device_id: null };
      const device_id = devices[Math.floor(random() * (devices.length - 1))]!;
      return { sequence, type: random() < 0.98 ? 'model_update_submitted' : 'device_replaced', job_id, device_id };
    });
    // One that hardly ever did anything.
    for (const at of [4_000, 4_001, 14_000]) log[at] = { ...log[at]!, type: 'model_update_submitted', device_id: devices.at(-1)! };
    const { prisma } = api.ctx.db;
    const createdAt = api.ctx.clock.now();
    for (let at = 1; at < COUNT; at += 2_000) {
      const data = log.slice(at, at + 2_000).map(({ sequence, type, job_id, device_id }) => ({ experimentId: place.experiment, sequence, type, jobId: job_id, deviceId: device_id, data: '{}', createdAt }));
      await prisma.event.createMany({ data });
    }
    await prisma.experiment.update({ where: { id: place.experiment }, data: { nextEventSequence: COUNT + 1 } });
    if (database === 'postgresql') await prisma.$executeRawUnsafe('ANALYZE "Event"');
  }, 120_000);
  afterEach(() => listening.splice(0).forEach(({ hangUp }) => hangUp()));
  afterAll(() => api.close());

  const events = (query: string, at = place) => send(api, 'GET', `/v1/experiment/events/${at.project}/${at.experiment}?${query}`, { key: api.adminKey });
  const numbers = (rows: readonly Row[]) => rows.map(({ sequence }) => sequence);

  interface Asked {
    readonly after?: number;
    readonly before?: number;
    readonly order?: 'asc' | 'desc';
    readonly types?: readonly string[];
    readonly job_id?: string;
    readonly device_id?: string;
  }
  const meant = ({ after = 0, before = Infinity, order, types, job_id, device_id }: Asked): Row[] => {
    const found = log.filter(
      (row) =>
        row.sequence > after && row.sequence < before && (types?.includes(row.type) ?? true) && (job_id === undefined || row.job_id === job_id) && (device_id === undefined || row.device_id === device_id),
    );
    return order === 'desc' ? found.reverse() : found;
  };
  const queryOf = (asked: Asked) => new URLSearchParams(Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)])).toString();

  it('gives the newest first, then those before them, to the first and no further', async () => {
    const { body: first } = await events('order=desc&limit=3');
    expect([numbers(first.data), first.next_after, first.next_before]).toEqual([[COUNT, COUNT - 1, COUNT - 2], null, COUNT - 2]);
    const { body: second } = await events(`order=desc&limit=3&before=${first.next_before}`);
    expect(numbers(second.data)).toEqual([COUNT - 3, COUNT - 4, COUNT - 5]);
    const { body: last } = await events('order=desc&limit=3&before=4');
    expect([numbers(last.data), last.next_before]).toEqual([[3, 2, 1], null]);
    expect((await events('order=desc&before=1')).body).toEqual({ data: [], next_after: null, next_before: null });
  });

  it('keeps within both ends, in either order, and answers as ever where nothing new is asked for', async () => {
    expect((await events('after=10&before=14')).body).toMatchObject({ data: [11, 12, 13].map((sequence) => ({ sequence })), next_after: null });
    expect(numbers((await events('after=10&before=14&order=desc')).body.data)).toEqual([13, 12, 11]);
    expect((await events('after=14&before=11')).body).toEqual({ data: [], next_after: null });
    expect(Object.keys((await events('after=10')).body)).toEqual(['data', 'next_after']);
    expect((await events('after=10&order=asc')).body).toEqual((await events('after=10')).body);
  });

  it('gives exactly those that are asked for, page after page, whatever is put together', async () => {
    const random = seededRandom(testSeed(`filters of events on ${database}`));
    const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
    for (let round = 0; round < 40; round++) {
      const asked: Asked = {
        ...(random() < 0.5 && { after: Math.floor(random() * COUNT) }),
        ...(random() < 0.5 && { before: Math.floor(random() * COUNT) }),
        ...(random() < 0.6 && { order: one(['asc', 'desc'] as const) }),
        ...(random() < 0.6 && { types: [...new Set([one(eventTypes), one(['model_update_submitted', 'device_replaced', 'job_failed', 'job_completed'])])] }),
        ...(random() < 0.4 && { job_id: one(jobs) }),
        ...(random() < 0.4 && { device_id: one(devices) }),
      };
      const limit = one([1, 50, 200]);
      const expected = meant(asked);
      let page: Asked = asked;
      for (let at = 0; at < 3 * limit; at += limit) {
        const { body } = await events(`${queryOf(page)}&limit=${limit}`);
        expect(numbers(body.data), queryOf(page)).toEqual(numbers(expected.slice(at, at + limit)));
        const next = expected.length > at + limit ? expected[at + limit - 1]!.sequence : null;
        expect(asked.order === 'desc' ? body.next_before : body.next_after, queryOf(page)).toBe(next);
        if (next === null) break;
        page = { ...asked, [asked.order === 'desc' ? 'before' : 'after']: next };
      }
    }
  });

  it('finds the few among the many by an index, and reads no log from end to end', async () => {
    /** What reads the table, of how the database goes about what is asked; with all of it as one text. */
    const plan = async (asked: Asked) => {
      queries.length = 0;
      const { body } = await events(queryOf(asked));
      expect(numbers(body.data), queryOf(asked)).toEqual(numbers(meant(asked).slice(0, 50)));
      const lines = await planOf(api, queries.find(({ sql }) => sql.includes('"Event"'))!);
      return { reads: lines.filter((line) => /^SEARCH v|^SCAN v|SEARCH Event|Scan .*on "?Event/.test(line)), all: lines.join('\n') };
    };
    const walk = /Event_pkey|sqlite_autoindex_Event|Seq Scan|SCAN v/;
    const sort = /TEMP B-TREE|Sort/;
    for (const order of ['asc', 'desc'] as const) {
      for (const bounds of [{}, { after: 500, before: 19_000 }]) {
        const how = { order, ...bounds };
        for (const [asked, index] of [
          [{ types: ['job_failed'] }, 'type'],
          [{ types: ['model_update_submitted', 'job_failed', 'job_completed'] }, 'type'],
          [{ job_id: jobs[7]! }, 'jobId'],
          [{ device_id: devices.at(-1)! }, 'deviceId'],
        ] as const) {
          const { reads, all } = await plan({ ...how, ...asked });
          expect(reads, all).toHaveLength(asked.types?.length ?? 1);
          for (const read of reads) expect(read, all).toContain(`Event_experimentId_${index}_sequence_idx`);
          // Those of a job or a device stand in the index in their order. Of each type a page is put in order.
          if (!asked.types) expect(all).not.toMatch(sort);
        }
        // PostgreSQL knows which of several indexes finds the fewest.
        for (const asked of [{ job_id: jobs[7]!, types: ['model_update_submitted'], device_id: devices[3]! }, { device_id: devices[5]!, types: ['device_replaced'] }]) {
          expect((await plan({ ...how, ...asked })).all).not.toMatch(walk);
        }
      }
    }
    const { all } = await plan({ order: 'desc' });
    expect(all).toMatch(walk);
    expect(all).not.toMatch(sort);
  });

  it('tells who follows it only what was asked for, and goes on after the last one that was told', async () => {
    const follow = async (query: string, lastEventId?: number) => {
      const stream = await listenTo(api, { ...place, devices: [] }, { query, ...(lastEventId !== undefined && { lastEventId }) });
      listening.push(stream);
      return stream;
    };
    const stream = await follow('types=job_failed,experiment_updated');
    await eventually('the past is told', () => stream.events.length === 4);
    const { project: project_id, experiment: experiment_id } = place;
    await send(api, 'POST', '/v1/experiment/pause', { key: api.adminKey, json: { project_id, experiment_id } });
    await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { project_id, experiment_id, experiment_name: 'Renamed' } });
    await eventually('what comes is told', () => stream.events.length === 5);
    expect(stream.events.map(({ id }) => id)).toEqual([777, 10_000, 12_000, 19_999, COUNT + 2]);
    const resumed = await follow('types=job_failed,experiment_updated&after=3', 12_000);
    await eventually('the rest is told', () => resumed.events.length === 2);
    expect(resumed.events.map(({ id }) => id)).toEqual([19_999, COUNT + 2]);
    const ofDevice = await follow(`device_id=${devices.at(-1)}`);
    await eventually('all of the device is told', () => ofDevice.events.length === 3);
  });

  it.each([['before=9', '/query/before'], ['order=desc', '/query/order'], ['order=desc&types=job_failed', '/query/order']])('refuses a stream with %s, and says where', async (query, pointer) => {
    const response = await fetch(`${api.url}/v1/experiment/events/${place.project}/${place.experiment}?${query}`, { headers: { Authorization: api.adminKey, Accept: 'text/event-stream' } });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const { code, errors } = (await response.json()) as { code: string; errors: { path: string }[] };
    expect([code, errors.map(({ path }) => path)]).toEqual(['invalid_request', [pointer]]);
  });

  it.each(['before=-1', 'before=x', 'before=99999999999', 'order=up', 'types=', 'types=job_lost', 'job_id=1', 'device_id=A'])('refuses ?%s with 400 and says where', async (query) => {
    const { status, body } = await events(query);
    expect(status).toBe(400);
    expect(body.errors[0].path).toMatch(new RegExp(`^/query/${query.split('=')[0]}`));
  });

  it('has nothing to tell of a job or a device of another experiment', async () => {
    const other = await newPlace(api);
    expect((await events(`job_id=${jobs[0]}`, other)).body).toEqual({ data: [], next_after: null });
    expect((await events(`device_id=${devices[0]}&order=desc`, other)).body).toEqual({ data: [], next_after: null, next_before: null });
  });
});
