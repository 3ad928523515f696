import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';
import { newJob, newTraining, nextJob, submitUpdate, model, jobWith, type TestDevice } from '../support/training.js';

/** What a value of JavaScript's would change. */
const EXACT = '{"seed":9007199254740993,"clip":1.0,"10":"b","9":"a"}';

describe.each(databases)('the config of a device on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const post = (path: string, text: string) => send(api, 'POST', path, { key: api.adminKey, body: Buffer.from(text), headers: { 'Content-Type': 'application/json' } });
  const textOf = async (path: string, key = api.adminKey) => (await send(api, 'GET', path, { key })).text;

  it('comes back letter for letter, in what shows the device and in the job that it takes', async () => {
    const training = await newTraining(api, 0);
    const { body } = await post('/v1/device/create', `{"project_id":"${training.project}","config":${EXACT}}`);
    const device: TestDevice = { id: body.device_id, key: body.device_api_key };
    await newJob(api, training);
    expect(await textOf(`/v1/device/get/${training.project}/${device.id}`)).toContain(`"config":${EXACT}`);
    expect(await textOf(`/v1/device/list/${training.project}`)).toContain(`"config":${EXACT}`);
    expect(await textOf(`/v1/device/next_job/${training.project}`, device.key)).toContain(`"config":${EXACT}`);
  });

  it('is a new one from the next job on that the device takes, and stays when something else changes', async () => {
    const training = await newTraining(api, 1);
    const [device] = training.devices;
    const first = await newJob(api, training);
    await newJob(api, training);
    expect((await nextJob(api, training, device!)).body).toMatchObject({ job_id: first, config: {} });
    expect((await post('/v1/device/update', `{"project_id":"${training.project}","device_id":"${device!.id}","config":{"v":2}}`)).status).toBe(200);
    expect((await post('/v1/device/update', `{"project_id":"${training.project}","device_id":"${device!.id}","labels":["a"]}`)).status).toBe(200);
    await submitUpdate(api, training, first, device!, model(1));
    await jobWith(api, training, first, 'COMPLETED');
    expect((await nextJob(api, training, device!)).body.config).toEqual({ v: 2 });
  });

  it('is refused beyond 4 KiB, and with a name twice', async () => {
    const project = await newProject(api);
    for (const config of [`{"a":"${'x'.repeat(4096)}"}`, '{"a":1,"a":2}', '[]']) {
      const { status, body } = await post('/v1/device/create', `{"project_id":"${project}","config":${config}}`);
      expect([status, body.code, body.errors[0].path.startsWith('/body/config')], config.slice(0, 20)).toEqual([400, 'invalid_request', true]);
    }
  });
});
