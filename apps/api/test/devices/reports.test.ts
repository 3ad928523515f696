import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { cancelJob, drawnFor, getJob, jobWith, model, newJob, newTraining, nextJob, submitUpdate, type TestDevice, type Training } from '../support/training.js';

describe.each(databases)('what a training reports, on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const report = (training: Training, job: string, device: TestDevice, first: number, reports: unknown[]) =>
    send(api, 'POST', '/v1/device/report_metrics', { key: device.key, json: { project_id: training.project, job_id: job, first, reports } });
  const metricsOf = async ({ project, experiment }: Training, query = '') =>
    (await send(api, 'GET', `/v1/experiment/metrics/${project}/${experiment}${query}`, { key: api.adminKey })).body;
  const losses = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => ({ step: (from + n) * 10, metrics: { loss: 1 / (from + n + 1) } }));

  async function oneAtWork(): Promise<{ training: Training; job: string; device: TestDevice }> {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const device = training.devices[0]!;
    await nextJob(api, training, device);
    return { training, job, device };
  }

  it('is kept, every report with its step, and seen while the job runs; what was there before stays as it was', async () => {
    const { training, job, device } = await oneAtWork();
    expect((await report(training, job, device, 0, losses(0, 3))).body).toEqual({});
    expect((await report(training, job, device, 3, [{ metrics: { loss: 0.1, accuracy: 0.9 } }])).status).toBe(200);
    const [running] = (await metricsOf(training)).data;
    expect(running).toMatchObject({ job_id: job, status: 'IN_PROGRESS', devices: [], mean: {} });
    expect(running.reports).toEqual([
      {
        device_id: device.id,
        num_reports: 4,
        points: [...losses(0, 3), { step: 3, metrics: { loss: 0.1, accuracy: 0.9 } }].map((point) => ({ ...point, reported_at: expect.any(String) })),
      },
    ]);
    await submitUpdate(api, training, job, device, model(1), { metrics: { loss: 0.05 } });
    await jobWith(api, training, job, 'COMPLETED');
    const [completed] = (await metricsOf(training)).data;
    expect(completed).toMatchObject({ devices: [{ device_id: device.id, metrics: { loss: 0.05 } }], mean: { loss: 0.05 } });
    expect(completed.reports[0].points).toHaveLength(4);
  });

  it('is the same when it is sent again, alone or with more, at once or one after another', async () => {
    const { training, job, device } = await oneAtWork();
    await report(training, job, device, 0, losses(0, 5));
    await Promise.all([1, 2, 3].map(() => report(training, job, device, 5, losses(5, 10))));
    await report(training, job, device, 5, losses(5, 20));
    await report(training, job, device, 10, losses(10, 15));
    const [{ reports }] = (await metricsOf(training)).data;
    expect(reports[0].num_reports).toBe(20);
    expect(reports[0].points.map(({ step }: { step: number }) => step)).toEqual(losses(0, 20).map(({ step }) => step));
  });

  it('begins anew with number 0, as a device does that starts its training over', async () => {
    const { training, job, device } = await oneAtWork();
    await report(training, job, device, 0, losses(0, 5));
    await report(training, job, device, 5, losses(5, 9));
    await report(training, job, device, 0, [{ step: 7, metrics: { loss: 7 } }]);
    const [{ reports }] = (await metricsOf(training)).data;
    expect(reports).toMatchObject([{ num_reports: 1, points: [{ step: 7, metrics: { loss: 7 } }] }]);
  });

  it('is kept up to a thousand of a device in a job, and more are refused with a sentence that says so', async () => {
    const { training, job, device } = await oneAtWork();
    for (let first = 0; first < 1000; first += 100) expect((await report(training, job, device, first, losses(first, first + 100))).status).toBe(200);
    const [{ reports }] = (await metricsOf(training)).data;
    expect(reports[0].points).toHaveLength(1000);
    for (const [first, count] of [[1000, 1], [950, 51]] as const) {
      const reply = await report(training, job, device, first, losses(first, first + count));
      expect([reply.status, reply.body.code]).toEqual([400, 'invalid_request']);
    }
    expect((await report(training, job, device, 999, losses(0, 2))).body.errors).toEqual([{ path: '/body/reports', message: '1000 reports of a device in a job are kept, and no more' }]);
  });

  it('is refused from a device that does not take part, before the start, and once the job has closed without it', async () => {
    const training = await newTraining(api, 3);
    const job = await newJob(api, training, { num_buffer_devices: 1 });
    const queued = await newJob(api, training);
    const [fast, slow] = drawnFor(training, await getJob(api, training, job));
    const stranger = training.devices.find((device) => device !== fast && device !== slow)!;
    expect((await report(training, job, stranger, 0, losses(0, 1))).body.code).toBe('device_not_drawn');
    const [waiting] = drawnFor(training, await getJob(api, training, queued));
    expect((await report(training, queued, waiting!, 0, losses(0, 1))).body.code).toBe('job_not_started');
    await submitUpdate(api, training, job, fast!, model(1));
    await jobWith(api, training, job, 'COMPLETED');
    expect((await report(training, job, slow!, 0, losses(0, 1))).body.code).toBe('job_closed');
    // The last piece may come after the update.
    expect((await report(training, job, fast!, 0, losses(0, 1))).status).toBe(200);
  });

  it.each([
    { first: -1, reports: [{ metrics: {} }] },
    { first: 0, reports: [] },
    { first: 0, reports: Array.from({ length: 101 }, () => ({ metrics: {} })) },
    { first: 0, reports: [{ metrics: { loss: 'low' } }] },
    { first: 0, reports: [{ step: 1.5, metrics: {} }] },
    { first: 0, reports: [{ metrics: {}, more: 1 }] },
  ])('is refused when it is none: %#', async ({ first, reports }) => {
    const { training, job, device } = await oneAtWork();
    expect((await report(training, job, device, first, reports)).status).toBe(400);
  });

  it('makes no answer without bound: a page of many ends early, and a job of too many is thinned evenly, its last point kept', async () => {
    const { training, job, device } = await oneAtWork();
    const wide = (step: number) => ({ step, metrics: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`${n}`.padStart(100, 'm'), step])) });
    for (let first = 0; first < 1000; first += 20) expect((await report(training, job, device, first, Array.from({ length: 20 }, (_, n) => wide(first + n)))).status).toBe(200);
    await cancelJob(api, training, job);
    const later = await newJob(api, training);
    await nextJob(api, training, device);
    await report(training, later, device, 0, losses(0, 3));
    const first = await metricsOf(training);
    expect(first.data.map(({ job_id }: { job_id: string }) => job_id)).toEqual([later]);
    const { data, next_cursor } = await metricsOf(training, `?cursor=${first.next_cursor}`);
    expect(next_cursor).toBeNull();
    const [{ num_reports, points }] = data[0].reports;
    expect(num_reports).toBe(1000);
    expect(points.length).toBeGreaterThan(300);
    expect(points.length).toBeLessThan(1000);
    expect(points.at(-1).step).toBe(999);
    expect(JSON.stringify(data).length).toBeLessThan(5_000_000);
  });

  it('of more pieces and devices than are read at once comes whole, device by device, each in its order', async () => {
    const { training, job } = await oneAtWork();
    const { prisma } = api.ctx.db;
    const createdAt = api.ctx.clock.now();
    // Some with few, and one with more than is read in one go.
    const pieces = [90, 1000, 1000, 700, 3, 90];
    const devices = pieces.map(() => api.ctx.newId()).sort();
    const padding = 'm'.repeat(90);
    await prisma.device.createMany({ data: devices.map((id) => ({ id, projectId: training.project, createdAt })) });
    for (const [at, deviceId] of devices.entries()) {
      const points = Array.from({ length: pieces[at]! }, (_, first) => ({ step: first * 10 + at, metrics: { [`${padding}${at}`]: first } }));
      await prisma.jobReport.createMany({
        data: points.map((point, first) => ({ jobId: job, deviceId, first, count: 1, bytes: JSON.stringify([point]).length + 150, reports: JSON.stringify([point]), createdAt })),
      });
    }
    const [{ reports }] = (await metricsOf(training)).data;
    expect(reports).toEqual(
      devices.map((device_id, at) => ({
        device_id,
        num_reports: pieces[at],
        points: Array.from({ length: pieces[at]! }, (_, first) => ({ step: first * 10 + at, metrics: { [`${padding}${at}`]: first }, reported_at: createdAt.toISOString() })),
      })),
    );
  });

  it('goes with its experiment', async () => {
    const { training, job, device } = await oneAtWork();
    await report(training, job, device, 0, losses(0, 3));
    await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: training.project } });
    expect(await api.ctx.db.prisma.jobReport.count({ where: { jobId: job } })).toBe(0);
  });
});
