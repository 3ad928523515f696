import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { safetensors } from '../support/models.js';
import { download, drawnFor, jobWith, newJob, newTrainingOf, submitText, getJob, uploadUpdate } from '../support/training.js';
import { askTicket, expectNothingKept, expectProblem, newPlace, putRaw } from '../support/uploads.js';

const LIMIT = 10;
const names = (count: number) => Array.from({ length: count }, (_, n) => `t${n}`);
const scalar = { dtype: 'F32', shape: [], data: new Uint8Array(4) };

const models = {
  json: (count: number, value = 0) => Buffer.from(`{${names(count).map((name) => `"${name}":${value}`).join(',')}}`),
  safetensors: (count: number) => safetensors(Object.fromEntries(names(count).map((name) => [name, scalar]))),
};

describe.each(databases)('with MAX_MODEL_TENSORS=10 on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database, { MAX_MODEL_TENSORS: String(LIMIT) });
  });
  afterAll(() => api.close());

  describe.each(['json', 'safetensors'] as const)('a %s model', (format) => {
    it('of 10 tensors is taken, trained and aggregated', async () => {
      const training = await newTrainingOf(api, 2, models[format](LIMIT));
      const job = await newJob(api, training, { num_devices: 2 });
      for (const device of drawnFor(training, await getJob(api, training, job))) {
        expect((await uploadUpdate(api, training, job, device, models[format](LIMIT))).status).toBe(204);
      }
      await jobWith(api, training, job, 'COMPLETED');
      expect(await download(api, `/v1/job/aggregate_model/${training.project}/${job}`, api.adminKey)).toContain('t9');
    });

    it('of 11 tensors is refused with a pointer to the first that is too many, and nothing of it is kept', async () => {
      const place = await newPlace(api);
      const reply = await putRaw(await askTicket(api, place), models[format](LIMIT + 1));
      expectProblem(reply, 422, 'invalid_model');
      expect(reply.body.errors).toEqual([{ path: '/model/t10', message: 'The model has more than 10 tensors, the most that are taken.' }]);
      await expectNothingKept(api, place);
    });
  });

  it('an update of 11 tensors is told which one is not in the start model, or that there are too many', async () => {
    const training = await newTrainingOf(api, 1, models.json(LIMIT));
    const job = await newJob(api, training);
    const reply = await submitText(api, training, job, training.devices[0]!, models.json(LIMIT + 1));
    expectProblem(reply, 422, 'invalid_model');
    expect(reply.body.errors[0].path).toBe('/model/t10');
    expect((await send(api, 'GET', '/readyz')).status).toBe(200);
  });
});
