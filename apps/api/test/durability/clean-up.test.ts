import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../../src/upkeep/clean-up.js';
import { databases, startApi, type TestApi } from '../support/api.js';
import { timeOfDay } from '../support/clock.js';
import { askTicket, blobsOf, download, newPlace, putRaw, submitText } from '../support/uploads.js';

const MINUTE = 60_000;

describe.each(databases)('the clean-up on %s', (database) => {
  let api: TestApi;
  let skew = 0;
  beforeAll(async () => {
    api = await startApi(database, {}, { clock: timeOfDay(() => Date.now() + skew) });
  });
  afterAll(() => api.close());

  async function age(key: string, minutes: number): Promise<void> {
    const time = new Date(Date.now() - minutes * MINUTE);
    await utimes(path.join(api.dataDir, 'blobs', 'models', key), time, time);
  }

  /** A blob whose process died before it wrote the row. */
  async function orphan(project: string, name: string, minutes: number): Promise<void> {
    const staged = await api.ctx.storage.stage(Readable.from([Buffer.from(name)]), () => 1000);
    await staged.keep(`${project}/${name}`);
    await age(`${project}/${name}`, minutes);
  }

  it('removes blobs without a row that are older than an hour, and no others', async () => {
    const place = await newPlace(api);
    await submitText(api, place, '{"w":[1]}');
    const [registered] = await blobsOf(api, place.project);
    await age(`${place.project}/${registered}`, 10_000);
    await orphan(place.project, 'fresh', 0);
    await orphan(place.project, 'young', 59);
    await orphan(place.project, 'old', 61);
    await orphan('f'.repeat(32), 'of-a-project-that-is-gone', 10_000);

    await cleanUp(api.ctx);

    expect((await blobsOf(api, place.project)).sort()).toEqual([registered, 'fresh', 'young'].sort());
    expect(await blobsOf(api, 'f'.repeat(32))).toEqual([]);
    expect((await download(api, place)).bytes.toString()).toBe('{"w":[1]}');
  });

  it('does nothing the second time', async () => {
    const place = await newPlace(api);
    await orphan(place.project, 'old', 61);
    await cleanUp(api.ctx);
    await cleanUp(api.ctx);
    expect(await blobsOf(api, place.project)).toEqual([]);
  });

  it('can run twice at once, and during uploads', async () => {
    const places = await Promise.all(Array.from({ length: 6 }, () => newPlace(api)));
    const uploads = places.map((place) => submitText(api, place, '{"w":[1]}'));
    await Promise.all([cleanUp(api.ctx), cleanUp(api.ctx), ...uploads]);
    for (const place of places) expect((await download(api, place)).bytes.toString()).toBe('{"w":[1]}');
  });

  it('removes more orphans than it looks up at a time', async () => {
    const place = await newPlace(api);
    for (let at = 0; at < 520; at += 40) await Promise.all(Array.from({ length: 40 }, (_, more) => orphan(place.project, `old-${at + more}`, 61)));
    await cleanUp(api.ctx);
    expect(await blobsOf(api, place.project)).toEqual([]);
  });

  it('forgets stored answers once they have expired, and used tickets when no stored answer can give them again, and not before', async () => {
    const place = await newPlace(api);
    expect((await putRaw(await askTicket(api, place), '{"w":[1]}')).status).toBe(204);
    const { prisma } = api.ctx.db;
    const day = { principal: 'user:x', requestHash: 'x', answer: new Uint8Array([1]), createdAt: api.ctx.clock.now() };
    await prisma.idempotentAnswer.create({ data: { ...day, key: 'short', expiresAt: new Date(Date.now() + 5 * MINUTE) } });
    await prisma.idempotentAnswer.create({ data: { ...day, key: 'long', expiresAt: new Date(Date.now() + 60 * MINUTE) } });
    await cleanUp(api.ctx);
    expect([await prisma.usedTicket.count(), await prisma.idempotentAnswer.count()]).toEqual([1, 2]);
    skew = 11 * MINUTE;
    await cleanUp(api.ctx);
    expect(await prisma.usedTicket.count()).toBe(1);
    expect((await prisma.idempotentAnswer.findMany()).map(({ key }) => key)).toEqual(['long']);
    skew = 24 * 60 * MINUTE + 11 * MINUTE;
    await cleanUp(api.ctx);
    skew = 0;
    expect(await prisma.usedTicket.count()).toBe(0);
  });

  it('forgets tasks a week after they were finished, and no others', async () => {
    const { prisma } = api.ctx.db;
    const DAY = 24 * 60 * MINUTE;
    const task = (kind: string, finishedAt: Date | null) => ({ id: api.ctx.newId(), kind, payload: '{}', runAt: new Date(Date.now() + 30 * DAY), attempts: 1, fence: 1, createdAt: new Date(0), finishedAt });
    await prisma.task.createMany({ data: [task('old', new Date(Date.now() - 8 * DAY)), task('young', new Date(Date.now() - 6 * DAY)), task('open', null)] });
    await cleanUp(api.ctx);
    expect((await prisma.task.findMany({ select: { kind: true }, orderBy: { kind: 'asc' } })).map(({ kind }) => kind)).toEqual(['open', 'young']);
  });
});
