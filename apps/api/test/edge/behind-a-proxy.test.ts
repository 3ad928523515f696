import { afterEach, describe, expect, it } from 'vitest';
import { newProject, newExperiment, send, startApi, type TestApi } from '../support/api.js';

describe('a server behind a proxy that it was not told of', () => {
  let api: TestApi;
  afterEach(() => api.close());

  const lines: string[] = [];
  const start = async (env: Record<string, string> = {}) => {
    lines.length = 0;
    api = await startApi('sqlite', env);
    api.ctx.log.warn = ((_about: object, sentence: string) => void lines.push(sentence)) as typeof api.ctx.log.warn;
  };
  const askTicket = async (headers: Record<string, string>) => {
    const project_id = await newProject(api);
    const experiment_id = await newExperiment(api, project_id);
    await send(api, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id, experiment_id }, headers });
  };

  it.each([{ 'X-Forwarded-Host': 'api.example.com' }, { 'X-Forwarded-Proto': 'https' }, { 'X-Forwarded-For': '10.0.0.1' }, { Forwarded: 'for=10.0.0.1' }])(
    'says once, and how to mend it, that tickets point past it: %j',
    async (headers) => {
      await start();
      for (let n = 0; n < 3; n++) await askTicket(headers);
      expect(lines).toEqual([expect.stringMatching(/PUBLIC_URL.*TRUST_PROXY/)]);
    },
  );

  it.each([{ PUBLIC_URL: 'https://api.example.com' }, { TRUST_PROXY: '1' }])('says nothing when it was told: %j', async (env) => {
    await start(env);
    await askTicket({ 'X-Forwarded-Host': 'api.example.com' });
    expect(lines).toEqual([]);
  });

  it('says nothing without a proxy', async () => {
    await start();
    await askTicket({});
    expect(lines).toEqual([]);
  });
});
