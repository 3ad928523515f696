import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { newPlace, type Place } from '../support/uploads.js';
import { dial, type Wire } from '../support/wire.js';

/** An answer of seven megabytes: more than the kernel keeps of it, and less than one caller may leave unread. */
const JOBS = 200_000;
const PATIENCE_MS = 10_000;

/** Jobs of an experiment, as they are once they were cancelled, in one statement: it would take minutes over HTTP. */
async function insertJobs(api: TestApi, { project, experiment }: Place): Promise<void> {
  await api.ctx.db.prisma.$executeRawUnsafe(`
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${JOBS})
    INSERT INTO "Job" ("id", "projectId", "experimentId", "sequence", "status", "version", "numDevices", "numBufferDevices", "deviceSelectionStrategy", "terminationCriteria", "updatesReceived", "billableSize", "createdAt", "endedAt")
    SELECT printf('%032x', n), '${project}', '${experiment}', n, 'CANCELLED', 1, 60000, 0, 'RANDOM', '[]', 0, 0, 0, 0 FROM number`);
  await api.ctx.db.prisma.experiment.update({ where: { id: experiment }, data: { nextJobSequence: JOBS + 1 } });
}

describe('while an answer of megabytes to a change waits to be read', () => {
  let api: TestApi;
  let place: Place;
  let unread: Wire;
  const clock = testClock();
  beforeAll(async () => {
    api = await startApi('sqlite', { MIN_UPLOAD_BYTES_PER_SEC: '0' }, { clock });
    place = await newPlace(api);
    await insertJobs(api, place);
  });
  afterAll(() => api.close());
  afterEach(() => {
    unread.socket.destroy();
  });

  const path = () => ({ project_id: place.project, experiment_id: place.experiment });
  const post = (operation: string, json: object, headers = {}) => send(api, 'POST', `/v1/${operation}`, { key: api.adminKey, json, headers });
  const update = (tag: string, headers = {}) => post('experiment/update', { ...path(), tags: [tag] }, headers);
  const tags = async () => (await api.ctx.db.prisma.experimentTag.findMany({ where: { experimentId: place.experiment } })).map(({ tag }) => tag);

  let changes = 0;

  /** Somebody changes the experiment, to a tag that is given, and does not read the answer. */
  async function leaveUnread(): Promise<string> {
    const tag = `unread-${++changes}`;
    unread = await dial(api.url);
    unread.socket.pause();
    const json = JSON.stringify({ ...path(), tags: [tag] });
    const lines = ['POST /v1/experiment/update HTTP/1.1', 'Host: x', `Authorization: ${api.adminKey}`, 'Content-Type: application/json', `Content-Length: ${json.length}`, 'Connection: close', '', json];
    unread.socket.write(lines.join('\r\n'));
    await eventually('the change is made', async () => (await tags()).includes(tag));
    return tag;
  }

  it.each([
    ['experiment/update', () => update('refused')],
    ['job/create', () => post('job/create', { ...path(), num_devices: 60_000 })],
    ['job/retry', () => post('job/retry', { project_id: place.project, job_id: '1'.padStart(32, '0') })],
  ])('%s by the same caller waits for room, and where there is none it is busy before anything was done', async (_operation, ask) => {
    const tag = await leaveUnread();
    const asking = ask();
    await eventually('it waits', () => clock.waits().includes(PATIENCE_MS));
    await clock.advance(PATIENCE_MS);
    expect((await asking).body).toMatchObject({ status: 503, code: 'busy' });
    expect(await tags()).toEqual([tag]);
  });

  it('the next one goes on as soon as it is read, and both are whole', async () => {
    await leaveUnread();
    const asking = update('second');
    await eventually('it waits', () => clock.waits().includes(PATIENCE_MS));
    unread.socket.resume();
    const { status, body } = await asking;
    expect([status, body.jobs.length]).toEqual([200, JOBS]);
    await unread.closed;
    expect((JSON.parse(unread.text().split('\r\n\r\n')[1]!) as { jobs: string[] }).jobs).toEqual(body.jobs);
    expect(await tags()).toEqual(['second']);
  });

  it('an answer that was kept for an Idempotency-Key waits in the same way', async () => {
    const headers = { 'Idempotency-Key': 'kept' };
    const first = await update('keyed', headers);
    expect(first.status).toBe(200);
    await leaveUnread();
    const asking = update('keyed', headers);
    await eventually('it waits', () => clock.waits().includes(PATIENCE_MS));
    unread.socket.resume();
    expect((await asking).text).toBe(first.text);
  });
});
