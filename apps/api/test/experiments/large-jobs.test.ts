import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';
import { insertExperiments } from '../support/big-project.js';
import { insertJob } from '../support/rows.js';
import { newPlace } from '../support/uploads.js';

const DEVICES = 250;

describe.each(databases)('on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const get = async (path: string) => {
    const { status, body, text } = await send(api, 'GET', path, { key: api.adminKey });
    expect(status, text).toBe(200);
    return body;
  };

  it('a job of more devices than are read at once is described, measured and shown whole, in its order', async () => {
    const place = await newPlace(api);
    const job = await insertJob(api, place);
    const { prisma } = api.ctx.db;
    const createdAt = new Date();
    // Drawn in another order than that of their ids.
    const devices = Array.from({ length: DEVICES }, () => api.ctx.newId());
    for (const [position, id] of devices.entries()) {
      await prisma.device.create({ data: { id, projectId: place.project, createdAt } });
      await prisma.jobDevice.create({ data: { jobId: job, deviceId: id, position, state: position % 2 ? 'DRAWN' : 'SUBMITTED' } });
      if (position % 2) continue;
      const sha256 = '0'.repeat(64);
      const model = { id, kind: 'UPDATE' as const, projectId: place.project, experimentId: place.experiment, jobId: job, deviceId: id, format: 'JSON' as const, size: 7n, sha256, blobKey: `${place.project}/${id}`, createdAt };
      await prisma.storedModel.create({ data: model });
      await prisma.jobUpdate.create({ data: { jobId: job, deviceId: id, modelId: id, sha256, numExamples: position + 1, metrics: JSON.stringify({ loss: position }), createdAt } });
    }
    const path = `${place.project}/${place.experiment}`;
    const submitted = devices.filter((_, position) => position % 2 === 0);

    const described = (await get(`/v1/experiment/describe/${path}`)).jobs;
    expect(described).toMatchObject({ data: [{ job_id: job }], next_cursor: null });
    expect(described.data[0].devices).toEqual(
      devices.map((device_id, position) =>
        position % 2
          ? { device_id, num_examples: null, metrics: {}, state: 'drawn', submitted_at: null, aggregation: null }
          : { device_id, num_examples: position + 1, metrics: { loss: position }, state: 'submitted', submitted_at: createdAt.toISOString(), aggregation: null },
      ),
    );

    const measured = await get(`/v1/experiment/metrics/${path}`);
    expect(measured).toMatchObject({ data: [{ job_id: job, sequence: 1, status: 'CANCELLED' }], next_cursor: null });
    expect(measured.data[0].devices.map((report: { device_id: string }) => report.device_id)).toEqual(submitted.toSorted());
    const weights = submitted.map((_, index) => 2 * index + 1);
    const mean = weights.reduce((sum, weight) => sum + weight * (weight - 1), 0) / weights.reduce((sum, weight) => sum + weight, 0);
    expect(measured.data[0].mean.loss).toBeCloseTo(mean, 9);

    expect((await get(`/v1/job/get/${place.project}/${job}`)).devices).toEqual(devices);
  });

  it('pages of entries that are large hold as many as were asked for, and go on behind them', async () => {
    const project = await newProject(api);
    const ids = await insertExperiments(api, project, 60, '{}');
    await api.ctx.db.prisma.experiment.updateMany({ where: { projectId: project }, data: { description: '€'.repeat(10_000) } });
    for (const limit of [1, 25, 26, 50, 60, 200]) {
      const listed: string[] = [];
      let pages = 0;
      for (let cursor: string | null = ''; cursor !== null; pages++) {
        const { data, next_cursor }: { data: { experiment_id: string; description: string }[]; next_cursor: string | null } = await get(`/v1/experiment/list/${project}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        expect(data.every(({ description }) => description === '€'.repeat(10_000))).toBe(true);
        listed.push(...data.map(({ experiment_id }) => experiment_id));
        cursor = next_cursor;
      }
      expect([limit, pages, new Set(listed).size, listed.length]).toEqual([limit, Math.ceil(60 / limit), ids.length, ids.length]);
    }
  });
});
