import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { insertJob } from '../support/rows.js';
import { newPlace, type Place } from '../support/uploads.js';

/** More than are read at once, of devices and of models. */
const DEVICES = 2_300;
const SUBMITTED = 600;
const START_SIZE = 16n;

describe.each(databases)('a job of 2,300 devices on %s', (database) => {
  let api: TestApi;
  let place: Place;
  let devices: string[];
  beforeAll(async () => {
    api = await startApi(database);
    place = await newPlace(api);
    const createdAt = api.ctx.clock.now();
    devices = Array.from({ length: DEVICES }, () => api.ctx.newId());
    await api.ctx.db.prisma.device.createMany({ data: devices.map((id) => ({ id, projectId: place.project, createdAt })) });
  });
  afterAll(() => api.close());

  const get = async (job: string) => (await send(api, 'GET', `/v1/job/get/${place.project}/${job}`, { key: api.adminKey })).body;

  it('is shown whole: devices as they were drawn, models by device, and what all of them take together', async () => {
    const { prisma } = api.ctx.db;
    const job = await insertJob(api, place);
    const path = { projectId: place.project, experimentId: place.experiment };
    const model = { ...path, format: 'JSON' as const, sha256: '0'.repeat(64), createdAt: api.ctx.clock.now() };
    const start = api.ctx.newId();
    await prisma.storedModel.create({ data: { ...model, id: start, kind: 'START', size: START_SIZE, blobKey: `${place.project}/${start}` } });
    await prisma.job.update({ where: { id: job }, data: { startModelId: start, billableSize: null, status: 'IN_PROGRESS', endedAt: null, reason: null } });
    // Every tenth was replaced, and the order of their ids is another one.
    await prisma.jobDevice.createMany({
      data: devices.map((deviceId, position) => ({ jobId: job, deviceId, position, state: position % 10 === 9 ? ('REPLACED' as const) : position < SUBMITTED ? ('SUBMITTED' as const) : ('DRAWN' as const) })),
    });
    const submitted = devices.filter((_, position) => position < SUBMITTED && position % 10 !== 9);
    const sizeOf = new Map(submitted.map((id, at) => [id, BigInt(at + 1)]));
    await prisma.storedModel.createMany({ data: submitted.map((id) => ({ ...model, id, kind: 'UPDATE' as const, jobId: job, deviceId: id, size: sizeOf.get(id)!, blobKey: `${place.project}/${id}` })) });
    await prisma.jobUpdate.createMany({ data: submitted.map((id) => ({ jobId: job, deviceId: id, modelId: id, sha256: model.sha256, numExamples: 1, metrics: '{}', createdAt: model.createdAt })) });

    const shown = await get(job);
    expect(shown.devices).toEqual(devices.filter((_, position) => position % 10 !== 9));
    expect(Object.keys(shown.models)).toEqual(submitted.toSorted());
    const name = `${place.project}/${place.experiment}`;
    expect(shown.models).toEqual(
      Object.fromEntries(submitted.map((id) => [id, { entity_id: id, name: `${name}/${job}/device_models/${id}`, size: String(sizeOf.get(id)) }])),
    );
    expect(shown.billable_size).toBe(String([...sizeOf.values()].reduce((sum, size) => sum + size, START_SIZE)));
    expect(Object.keys(shown)).toEqual(['ID', 'status', 'devices', 'aggregate_model', 'start_model', 'configuration', 'models', 'created_on', 'billable_size', 'project_id', 'experiment_id']);
  });

  it('is answered whole by create and by retry, and again under the same key', async () => {
    // Of its own: the other has a start model.
    const experiment_id = await newExperiment(api, place.project);
    const create = (json: object, headers = {}) => send(api, 'POST', '/v1/job/create', { key: api.adminKey, json: { project_id: place.project, experiment_id, ...json }, headers });
    const upload = await send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id: place.project, experiment_id, model: { w: [1] } } });
    expect(upload.status, upload.text).toBe(204);
    const headers = { 'Idempotency-Key': 'one-large-job' };
    const created = await create({ num_devices: 2_000, num_buffer_devices: 300 }, headers);
    expect(created.status, created.text.slice(0, 300)).toBe(200);
    expect(created.body.devices.toSorted()).toEqual(devices.toSorted());
    expect(await get(created.body.ID)).toEqual(created.body);
    expect((await create({ num_devices: 2_000, num_buffer_devices: 300 }, headers)).text).toBe(created.text);

    const path = { project_id: place.project, job_id: created.body.ID as string };
    expect((await send(api, 'POST', '/v1/job/cancel', { key: api.adminKey, json: path })).status).toBe(200);
    const retried = await send(api, 'POST', '/v1/job/retry', { key: api.adminKey, json: path });
    expect(retried.status, retried.text.slice(0, 300)).toBe(200);
    expect(retried.body.devices.toSorted()).toEqual(devices.toSorted());
    expect(await get(retried.body.ID)).toEqual(retried.body);
  });
});
