import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newProject, send, startApi, type TestApi } from '../support/api.js';

describe.each(databases)('whoami on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database, { MAX_MODEL_BYTES: '1000', MAX_JSON_MODEL_BYTES: '0' });
  });
  afterAll(() => api.close());

  const whoami = async (key: string) => (await send(api, 'GET', '/v1/auth/whoami', { key })).body;
  const server = { version: expect.stringMatching(/^\d+\.\d+\.\d+/), now: expect.stringMatching(/Z$/), max_model_bytes: 1000, max_json_model_bytes: null };

  it('tells a person who they are and by which of their keys', async () => {
    const { body: ada } = await send(api, 'POST', '/v1/user/create', { key: api.adminKey, json: { user_name: 'Ada' } });
    const { body: second } = await send(api, 'POST', '/v1/auth/create', { key: ada.key, json: { label: 'laptop', expires_in_sec: 60 } });
    expect(await whoami(second.key as string)).toEqual({
      kind: 'user',
      user: { user_id: ada.user_id, user_name: 'Ada', is_server_admin: false },
      device: null,
      key: { key_id: second.key.split('_')[1], label: 'laptop', expires_at: expect.stringMatching(/Z$/) },
      session_expires_at: null,
      server,
    });
    expect(await whoami(api.adminKey)).toMatchObject({ kind: 'user', user: { is_server_admin: true }, key: { key_id: 'bootstrap', label: 'BOOTSTRAP_API_KEY', expires_at: null } });
  });

  it('tells a device which one it is and where it belongs', async () => {
    const project_id = await newProject(api);
    const { body: device } = await send(api, 'POST', '/v1/device/create', { key: api.adminKey, json: { project_id } });
    expect(await whoami(device.device_api_key as string)).toEqual({
      kind: 'device',
      user: null,
      device: { device_id: device.device_id, project_id },
      key: { key_id: device.device_api_key.split('_')[1], label: null, expires_at: null },
      session_expires_at: null,
      server,
    });
  });
});
