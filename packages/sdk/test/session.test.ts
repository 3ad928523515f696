import { afterEach, describe, expect, it, vi } from 'vitest';
import { faultServer, json, noContent, problem, startServer, type Behaviour } from '@vergeai/testkit';
import { AuthenticationError, VergeAI, type Fetch } from '../src/index.js';

const ids = { project_id: 'p', experiment_id: 'e' };
const created = json(200, { ID: 'e', jobs: [], hyperparameters: {}, current_job: 'NONE', start_model: {}, current_model: {}, is_active: false });
const entry = { sequence: 1, type: 'job_completed', job_id: 'j', device_id: null, actor_id: null, key_id: null, data: {}, created_at: '2026-03-01T12:00:10.000Z' };

afterEach(() => void vi.unstubAllGlobals());

describe('a client with a session in the place of a key', () => {
  it('asks with the header by which a cookie counts, for this origin only, and without a key whatever else is set', async () => {
    vi.stubEnv('VERGEAI_API_KEY', 'of-the-environment');
    await using server = await faultServer(created, problem(503, 'busy'), created);
    const sent: RequestInit[] = [];
    const fetch: Fetch = (url, init) => {
      sent.push(init);
      return globalThis.fetch(url, init);
    };
    const vergeai = new VergeAI({ session: true, baseUrl: server.url, fetch, headers: { Authorization: 'Bearer given', traceparent: '00-1' } });
    await vergeai.Experiment.get(ids);
    await vergeai.Experiment.create({ project_id: 'p' });
    expect(server.seen).toHaveLength(3);
    for (const { headers } of server.seen) {
      expect(headers).toMatchObject({ 'x-verge-session': '1', traceparent: '00-1' });
      expect(headers).not.toHaveProperty('authorization');
    }
    for (const { credentials } of sent) expect(credentials).toBe('same-origin');
    vi.unstubAllEnvs();
  });

  it('follows an experiment, and leaves signed links without a header that is not theirs', async () => {
    const stream: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`id: 1\nevent: job_completed\ndata: ${JSON.stringify(entry)}\n\n`);
    };
    const ticket: Behaviour = (request, response, raw) => json(200, { model_url: { url: `http://${request.headers.host}/v1/upload`, fields: { ticket: 't' } } })(request, response, raw);
    const link: Behaviour = (request, response, raw) => json(200, { model_url: `http://${request.headers.host}/v1/download?ticket=t` })(request, response, raw);
    await using server = await faultServer(stream, ticket, noContent, link, json(200, { w: [1] }));
    const vergeai = new VergeAI({ session: true, baseUrl: server.url });
    for await (const { sequence } of vergeai.Experiment.follow(ids)) {
      expect(sequence).toBe(1);
      break;
    }
    await vergeai.Experiment.submit_start_model({ ...ids, model: new TextEncoder().encode('{"w":[1]}') });
    expect(await vergeai.Experiment.current_model(ids).json()).toEqual({ w: [1] });
    expect(server.seen.map(({ method, url, headers }) => [method, url.split('?')[0], headers['x-verge-session'], headers['authorization']])).toEqual([
      ['GET', '/v1/experiment/events/p/e', '1', undefined],
      ['POST', '/v1/experiment/submit_start_model', '1', undefined],
      ['PUT', '/v1/upload', undefined, undefined],
      ['GET', '/v1/experiment/current_model/p/e', '1', undefined],
      ['GET', '/v1/download', undefined, undefined],
    ]);
  });

  it('is where its page is, unless told otherwise', () => {
    vi.stubGlobal('location', { origin: 'https://verge.example' });
    expect(new VergeAI({ session: true }).baseUrl).toBe('https://verge.example');
    expect(new VergeAI({ session: true, baseUrl: 'https://verge.example/behind' }).baseUrl).toBe('https://verge.example/behind');
    expect(new VergeAI({ apiKey: 'key' }).baseUrl).toBe('http://localhost:3000');
  });

  it('gives way to a key, such as a device that is made from it has', async () => {
    await using server = await faultServer(created, created);
    const session = new VergeAI({ session: true, baseUrl: server.url });
    const device = session.withOptions({ apiKey: 'of-a-device' });
    await device.Experiment.get(ids);
    await device.withOptions({ apiKey: undefined }).Experiment.get(ids);
    expect(server.seen.map(({ headers }) => [headers['authorization'], headers['x-verge-session']])).toEqual([['Bearer of-a-device', undefined], [undefined, '1']]);
  });
});

describe('a session of a real server', () => {
  it('counts for every call, to the end that it is given', async () => {
    const server = await startServer({});
    try {
      // What a browser does, and Node's fetch does not: it keeps the cookie, and says whose page asks.
      let cookie = '';
      const browser: Fetch = async (url, init) => {
        const headers = new Headers(init.headers);
        headers.set('sec-fetch-site', 'same-origin');
        if (cookie) headers.set('cookie', cookie);
        const response = await fetch(url, { ...init, headers });
        for (const set of response.headers.getSetCookie()) cookie = set.split(';')[0]!;
        return response;
      };
      const options = { baseUrl: server.url, fetch: browser, maxRetries: 0 };
      await new VergeAI({ ...options, apiKey: server.key, headers: { 'X-Verge-Session': '1' } }).APIKey.create_session();
      const vergeai = new VergeAI({ ...options, session: true });
      const { project_id } = (await vergeai.Project.create({ project_name: 'By cookie' })).body;
      const experiment_id = (await vergeai.Experiment.create({ project_id })).body.ID;
      await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: { w: [1, 2] } });
      expect(await vergeai.Experiment.current_model({ project_id, experiment_id }).json()).toEqual({ w: [1, 2] });
      for await (const { type } of vergeai.Experiment.follow({ project_id, experiment_id })) if (type === 'start_model_submitted') break;
      await vergeai.APIKey.delete_session();
      await expect(vergeai.Project.list({ limit: 1 })).rejects.toThrow(AuthenticationError);
    } finally {
      await server.stop();
    }
  });
});
