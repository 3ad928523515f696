import { networkInterfaces } from 'node:os';
import type { Request } from 'express';
import { startServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import type { Context } from '../../src/context.js';
import { baseUrl } from '../../src/http/edge/base-url.js';
import { startApi, type TestApi } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';
import { cookiesOf, ownPage } from '../support/sign-in.js';
import { newPlace, submitInline, type Place } from '../support/uploads.js';

/** What every link of an answer begins with when the server is asked by this host. */
async function beginnings(api: Pick<TestApi, 'url' | 'adminKey'>, Host: string, { project, experiment }: Place): Promise<Set<string>> {
  const ask = async <Answer>(method: string, path: string, json?: unknown) =>
    (await sendQuickly(api.url, method, path, { key: api.adminKey, headers: { Host }, ...(json !== undefined && { json }) })).body as Answer;
  const links = [
    (await ask<{ url: string }>('POST', '/v1/auth/create_sign_in_code', {})).url,
    (await ask<{ model_url: { url: string } }>('POST', '/v1/experiment/submit_start_model', { project_id: project, experiment_id: await newExperimentOf(api, project) })).model_url.url,
    (await ask<{ model_url: string }>('GET', `/v1/experiment/start_model/${project}/${experiment}`)).model_url,
    (await ask<{ docs: string }>('GET', '/')).docs,
  ];
  return new Set(links.map((link) => /^(.*?)\/(v1|sign-in|docs)/.exec(link)![1]!));
}

async function newExperimentOf({ url, adminKey }: Pick<TestApi, 'url' | 'adminKey'>, project_id: string): Promise<string> {
  const { body } = await sendQuickly(url, 'POST', '/v1/experiment/create', { key: adminKey, json: { project_id } });
  return (body as { ID: string }).ID;
}

describe('a link begins with the name by which this machine was asked', () => {
  let api: TestApi;
  let place: Place;
  let port: string;
  beforeAll(async () => {
    api = await startApi('sqlite');
    ({ port } = new URL(api.url));
    place = await newPlace(api);
    await submitInline(api, place, { w: [1] });
  });
  afterAll(() => api.close());

  it.each(['localhost', '127.0.0.1', '[::1]', '127.0.0.2'])('as %s', async (name) => {
    expect(await beginnings(api, `${name}:${port}`, place)).toEqual(new Set([`http://${name}:${port}`]));
  });

  it('through a tunnel from another port, and on the port that a browser leaves out', async () => {
    expect(await beginnings(api, 'localhost:8443', place)).toEqual(new Set(['http://localhost:8443']));
    expect(await beginnings(api, 'localhost', place)).toEqual(new Set(['http://localhost']));
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:3000', '10.0.0.1', '0.0.0.0:3000', ''])('but never with one that is not its own: "%s"', async (host) => {
    expect(await beginnings(api, host, place)).toEqual(new Set([api.url]));
  });

  it('and a browser that opens it has its session under that very name', async () => {
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      const host = `${name}:${port}`;
      const made = await sendQuickly(api.url, 'POST', '/v1/auth/create_sign_in_code', { key: api.adminKey, json: {}, headers: { Host: host } });
      const link = new URL((made.body as { url: string }).url);
      const browser = { ...ownPage, Host: link.host };
      const code = new URLSearchParams(link.hash.slice(1)).get('code');
      const signedIn = await sendQuickly(api.url, 'POST', '/v1/auth/create_session', { json: { code }, headers: { ...browser, Origin: link.origin } });
      expect(signedIn.status, signedIn.text).toBe(200);
      const cookies = cookiesOf({ headers: new Headers(signedIn.headers['set-cookie']!.map((line) => ['set-cookie', line])) });
      const Cookie = cookies.map(({ name: cookie, value }) => `${cookie}=${value}`).join('; ');
      expect((await sendQuickly(api.url, 'GET', '/v1/auth/whoami', { headers: { ...browser, Cookie } })).status, host).toBe(200);
    }
  });
});

describe('a link does not begin with a loopback name', () => {
  const from = (localAddress: string, headers: Record<string, string> = {}) => ({ host: 'localhost:8080', protocol: 'http', headers, socket: { localAddress, localPort: 3000 } }) as unknown as Request;
  const ctx = (env: Record<string, string> = {}) => ({ config: readConfig(env), log: { warn: () => {} } }) as unknown as Context;

  it('where the request came over a network', () => {
    expect(baseUrl(ctx(), from('172.17.0.2'))).toBe('http://172.17.0.2:3000');
    expect(baseUrl(ctx(), from('::ffff:127.0.0.1'))).toBe('http://localhost:8080');
  });

  it('where a proxy that nobody told of passed it on: the name may be one of its making', () => {
    expect(baseUrl(ctx(), from('127.0.0.1', { 'x-forwarded-for': '10.0.0.9' }))).toBe('http://127.0.0.1:3000');
  });

  it('where PUBLIC_URL says what it begins with', () => {
    expect(baseUrl(ctx({ PUBLIC_URL: 'https://ml.example.com/train' }), from('127.0.0.1'))).toBe('https://ml.example.com/train');
  });
});

describe('a server that listens on a name of this machine', () => {
  // Not every machine speaks IPv6 with itself.
  const names = Object.values(networkInterfaces()).flat().map((own) => own!.address);
  it.each(['localhost', ...['::1', '127.0.0.1'].filter((name) => names.includes(name))])('prints and links to that name: %s', async (HOST) => {
    const server = await startServer({ env: { HOST } });
    try {
      const api = { url: server.url, adminKey: server.key };
      expect(new URL(server.url).hostname.replace(/^\[|\]$/g, '')).toBe(HOST);
      const { body } = await sendQuickly(server.url, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'A project' } });
      const project = (body as { project_id: string }).project_id;
      const experiment = await newExperimentOf(api, project);
      const submitted = await sendQuickly(server.url, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id: project, experiment_id: experiment, model: { w: [1] } } });
      expect(submitted.status, submitted.text).toBe(204);
      expect(await beginnings(api, new URL(server.url).host, { project, experiment })).toEqual(new Set([server.url]));
    } finally {
      await server.stop();
    }
  });
});
