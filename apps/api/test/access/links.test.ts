import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { newDevice, newJob, trainable } from './world.js';

/** Who may open a link at all; how it ends with the key, the membership and the project is in experiments/model-links.test.ts. */
describe.each(databases)('a download link, on %s', (database) => {
  let api: TestApi;
  let project: string;
  let experiment: string;
  beforeAll(async () => {
    api = await startApi(database);
    project = await newProject(api);
    experiment = await trainable(api, project, api.adminKey);
  });
  afterAll(() => api.close());

  const post = (path: string, json: unknown, key = api.adminKey) => send(api, 'POST', path, { key, json });
  const linkFor = async (key: string, path: string) => (await send(api, 'GET', path, { key })).body.model_url as string;
  const open = async (link: string, key?: string) => {
    const { status, body } = await send({ url: '' }, 'GET', link, { key });
    return status === 200 ? 'opens' : (body.code as string);
  };

  it('opens without a key, and whichever key comes with it', async () => {
    const link = await linkFor(api.adminKey, `/v1/experiment/start_model/${project}/${experiment}`);
    expect([await open(link), await open(link, 'not-a-key'), await open(link, (await newUser(api)).key)]).toEqual(['opens', 'opens', 'opens']);
  });

  it('of a device is dead once the device is deleted', async () => {
    const own = await newProject(api);
    const device = await newDevice(api, own, api.adminKey);
    const job = await newJob(api, own, await trainable(api, own, api.adminKey), api.adminKey);
    const link = await linkFor(device.key, `/v1/job/start_model/${own}/${job}`);
    expect(await open(link)).toBe('opens');
    await post('/v1/device/delete', { project_id: own, device_id: device.deviceId });
    expect(await open(link)).toBe('key_invalid');
  });
});
