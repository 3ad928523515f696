import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { allFaults } from '../support/experiment-log.js';
import { smallSafetensors } from '../support/models.js';
import { expectProblem } from '../support/uploads.js';
import {
  aggregateOf,
  cancelJob,
  getExperiment,
  getJob,
  isActive,
  jobWith,
  model,
  newJob,
  newTraining,
  newTrainingOf,
  submitText,
  submitUpdate,
  uploadUpdate,
  type TestDevice,
  type Training,
} from '../support/training.js';

type Submit = (api: TestApi, training: Training, job: string, device: TestDevice, update: unknown, more?: Record<string, unknown>) => ReturnType<typeof submitUpdate>;
const ways: Array<[string, Submit]> = [
  ['inline', submitUpdate],
  ['by ticket', (api, training, job, device, update, more) => uploadUpdate(api, training, job, device, JSON.stringify(update), more)],
];

describe.each(databases)('submit_model_update on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterEach(async () => expect(await allFaults(api)).toEqual([]));
  afterAll(() => api.close());

  describe.each(ways)('%s', (_way, submit) => {
    it('is registered before it is answered: who reads the job sees it', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      const [device] = training.devices;
      expect((await submit(api, training, job, device!, model(1), { num_examples: 5, metrics: { loss: 0.5 } })).status).toBe(204);
      const { models, billable_size } = await getJob(api, training, job);
      const size = JSON.stringify(model(1)).length;
      const name = `${training.project}/${training.experiment}/${job}/device_models/${device!.id}`;
      expect(models).toEqual({ [device!.id]: { entity_id: device!.id, name, size: String(size) } });
      expect(billable_size).toBe(String(size + JSON.stringify(model(0)).length));
    });

    it('leaves the same rows, be it one of many or the last one, which are written in two ways', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      for (const device of training.devices)
        expect((await submit(api, training, job, device, model(1), { num_examples: 5, metrics: { loss: 0.5 } })).status).toBe(204);
      await jobWith(api, training, job, 'COMPLETED');
      const [one, last] = await Promise.all(training.devices.map(({ id }) => rowsOfUpdate(api, job, id)));
      expect(last).toEqual(one);
    });

    it('gets the same answer for the same bytes again, while the job runs and after it has ended; other bytes are 409', async () => {
      const training = await newTraining(api, 2);
      const job = await newJob(api, training, { num_devices: 2 });
      const [one, two] = training.devices;
      expect((await submit(api, training, job, one!, model(1))).status).toBe(204);
      expect((await submit(api, training, job, one!, model(1))).status).toBe(204);
      expectProblem(await submit(api, training, job, one!, model(2)), 409, 'update_already_submitted');
      await submit(api, training, job, two!, model(3));
      await jobWith(api, training, job, 'COMPLETED');
      expect((await submit(api, training, job, one!, model(1))).status).toBe(204);
      expectProblem(await submit(api, training, job, one!, model(2)), 409, 'update_already_submitted');
      expect(JSON.parse((await aggregateOf(api, training, job)).toString())).toEqual(model(2));
      expect(await api.ctx.db.prisma.event.count({ where: { experimentId: training.experiment, type: 'model_update_submitted' } })).toBe(2);
    });

    // The one that is refused would be the last of two, or one among others.
    it.each([2, 3])('must give num_examples when the others did, and not when they did not; the device may submit again: %i devices', async (num_devices) => {
      const training = await newTraining(api, num_devices);
      const [one, two, ...others] = training.devices;
      const given = await newJob(api, training, { num_devices });
      await submit(api, training, given, one!, model(1), { num_examples: 3 });
      expectProblem(await submit(api, training, given, two!, model(2)), 400, 'num_examples_mixed');
      expect(await isActive(api, training, given, two!)).toBe(true);
      for (const device of [two!, ...others]) expect((await submit(api, training, given, device, model(2), { num_examples: 1 })).status).toBe(204);
      await jobWith(api, training, given, 'COMPLETED');
      const missing = await newJob(api, training, { num_devices });
      await submit(api, training, missing, one!, model(1));
      expectProblem(await submit(api, training, missing, two!, model(2), { num_examples: 1 }), 400, 'num_examples_mixed');
      for (const device of [two!, ...others]) expect((await submit(api, training, missing, device, model(2))).status).toBe(204);
      await jobWith(api, training, missing, 'COMPLETED');
    });
  });

  it.each([0, -1, 'x', true, null, [1], {}].map((num_examples) => ({ num_examples })))('refuses %j', async (more) => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    expectProblem(await submitUpdate(api, training, job, training.devices[0]!, model(1), more), 400, 'invalid_request');
    expect(await isActive(api, training, job, training.devices[0]!)).toBe(true);
  });

  it.each([{ loss: 'x' }, { loss: null }, [1], { '': 1 }, { ['x'.repeat(101)]: 1 }, Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`m${n}`, n]))])('refuses metrics %j', async (metrics) => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    expectProblem(await submitUpdate(api, training, job, training.devices[0]!, model(1), { metrics }), 400, 'invalid_request');
  });

  it('weighs by num_examples however large the numbers are, and never lets a single device break the job', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    const replies = [];
    for (const [n, device] of training.devices.entries()) replies.push(await submitUpdate(api, training, job, device, model(n), { num_examples: Number.MAX_VALUE }));
    // Either such a number is refused, or it counts.
    if (replies.every(({ status }) => status === 204)) await jobWith(api, training, job, 'COMPLETED');
    else {
      expect(replies.map(({ status }) => status)).toEqual([400, 400]);
      await cancelJob(api, training, job);
    }
  });

  it('gives the same aggregate bit for bit in whatever order the devices are done: the mean goes by device id', async () => {
    const training = await newTraining(api, 3);
    // Added up in another order, these give another number.
    const values = [1e16, 1, -1e16];
    const aggregates = new Set<string>();
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1]]) {
      const job = await newJob(api, training, { num_devices: 3 });
      for (const n of order) expect((await submitUpdate(api, training, job, training.devices[n]!, model(values[n]! / 3), { num_examples: n + 1 })).status).toBe(204);
      await jobWith(api, training, job, 'COMPLETED');
      aggregates.add((await aggregateOf(api, training, job)).toString());
    }
    expect(aggregates.size).toBe(1);
  });

  it('of one device is the aggregate byte for byte, whatever its JSON looks like', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const text = '{ "b" :\n[ 1.50E+00 ],\t"w":[[-0 , 0.1000]]  }\n';
    expect((await uploadUpdate(api, training, job, training.devices[0]!, text)).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    expect((await aggregateOf(api, training, job)).toString()).toBe(text);
    const next = await newJob(api, training);
    const inline = '{"w":[[1e-320,2.0]],  "b":[1E0]}';
    expect((await submitText(api, training, next, training.devices[0]!, inline)).status).toBe(204);
    await jobWith(api, training, next, 'COMPLETED');
    expect((await aggregateOf(api, training, next)).toString()).toBe(inline);
  });

  it('takes safetensors by ticket when the start model is safetensors, and JSON is refused then', async () => {
    const training = await newTrainingOf(api, 1, smallSafetensors(0.5));
    const job = await newJob(api, training);
    const [device] = training.devices;
    expectProblem(await uploadUpdate(api, training, job, device!, '{"layer.weight":[[1,2],[3,4]],"layer.bias":[1],"mask":[1,0,1]}'), 422, 'invalid_model');
    expect((await uploadUpdate(api, training, job, device!, smallSafetensors(7))).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    expect(await aggregateOf(api, training, job)).toEqual(smallSafetensors(7));
  });

  it('is for device keys only', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const reply = await send(api, 'POST', '/v1/device/submit_model_update', { key: api.adminKey, json: { project_id: training.project, job_id: job, model: model(1) } });
    expectProblem(reply, 403, 'device_key_required');
    expect((await getExperiment(api, training)).current_model.name).toMatch(/start_model$/);
  });

  it('is done once per Idempotency-Key, and says the same again', async () => {
    const training = await newTraining(api, 1);
    const job = await newJob(api, training);
    const once = () =>
      send(api, 'POST', '/v1/device/submit_model_update', {
        key: training.devices[0]!.key,
        json: { project_id: training.project, job_id: job, model: model(1) },
        headers: { 'Idempotency-Key': 'the-update' },
      });
    expect((await once()).status).toBe(204);
    expect((await once()).status).toBe(204);
    await jobWith(api, training, job, 'COMPLETED');
    expect((await once()).status).toBe(204);
  });
});

/** All that an update leaves in the database, but for what is its own: ids, numbers in a row and times. */
async function rowsOfUpdate(api: TestApi, jobId: string, deviceId: string) {
  const { prisma } = api.ctx.db;
  const key = { jobId_deviceId: { jobId, deviceId } };
  const { model: stored, ...update } = await prisma.jobUpdate.findUniqueOrThrow({ where: key, include: { model: true } });
  const drawn = await prisma.jobDevice.findUniqueOrThrow({ where: key });
  const [event, ...others] = await prisma.event.findMany({ where: { jobId, deviceId } });
  expect(others).toEqual([]);
  const keyOf = await prisma.apiKey.findUniqueOrThrow({ where: { id: event!.keyId! } });
  expect([event!.actorId, keyOf.deviceId]).toEqual([deviceId, deviceId]);
  const own = { id: 'own', deviceId: 'own', modelId: 'own', actorId: 'own', keyId: 'own', position: 0, sequence: 0, createdAt: 'own' };
  return {
    update: { ...update, ...own },
    stored: { ...stored, ...own, blobKey: stored!.blobKey.replace(stored!.id, 'own') },
    drawn: { ...drawn, ...own, uploadingAt: drawn.uploadingAt && 'own' },
    event: { ...event!, ...own, data: event!.data.replace(deviceId, 'own') },
  };
}
