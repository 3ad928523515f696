import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { requireKnownHost } from '../../src/http/edge/way-here.js';
import { newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';
import { cookiesOf, newCode, ownPage, signIn } from '../support/sign-in.js';
import { expectProblem } from '../support/uploads.js';

const withApi = (env: Record<string, string>, test: (api: TestApi) => Promise<void>) => async () => {
  const api = await startApi('sqlite', env);
  try {
    await test(api);
  } finally {
    await api.close();
  }
};

describe('a session counts for pages of the server itself and for no other', () => {
  let api: TestApi;
  let cookie: string;
  beforeAll(async () => {
    api = await startApi('sqlite', { CORS_ORIGINS: 'https://friend.example' });
    cookie = (await signIn(api, { key: api.adminKey })).headers['Cookie']!;
  });
  afterAll(() => api.close());

  // Past fetch, which has headers of its own to say where it stands.
  const get = (headers: Record<string, string>) => sendQuickly(api.url, 'GET', '/v1/auth/whoami', { headers: { Cookie: cookie, ...headers } });
  const post = (headers: Record<string, string>) => sendQuickly(api.url, 'POST', '/v1/project/create', { json: { project_name: 'by a page' }, headers: { Cookie: cookie, ...headers } });
  const projects = () => api.ctx.db.prisma.project.count();

  it.each([
    ['its browser says so', { ...ownPage }],
    ['its browser only names its origin, which is this one', () => ({ 'X-Verge-Session': '1', Origin: api.url })],
  ])('a request of a page is taken when %s', async (_what, headers) => {
    const sent = typeof headers === 'function' ? headers() : headers;
    expect((await get(sent)).status).toBe(200);
    expect((await post(sent)).status).toBe(200);
  });

  const own = { 'X-Verge-Session': '1' };
  it.each<[string, Record<string, string>]>([
    ['comes from another site', { ...own, 'Sec-Fetch-Site': 'cross-site' }],
    ['comes from another host of the same site', { ...own, 'Sec-Fetch-Site': 'same-site' }],
    ['was typed in or comes from a bookmark', { ...own, 'Sec-Fetch-Site': 'none' }],
    ['is of a form on our own page', { 'Sec-Fetch-Site': 'same-origin' }],
    ['has the header with another value', { 'X-Verge-Session': 'true', 'Sec-Fetch-Site': 'same-origin' }],
    ['comes from another origin, by a browser that says no more', { ...own, Origin: 'https://evil.example' }],
    ['comes from an origin that may call the API', { ...own, Origin: 'https://friend.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['comes from another port of this machine', { ...own, Origin: 'http://127.0.0.1:1' }],
    ['comes from nowhere, as of a sandboxed frame', { ...own, Origin: 'null' }],
    ['comes from an origin that cannot be read', { ...own, Origin: 'http://[' }],
    ['says nothing of where it comes from', { ...own }],
  ])('a GET and a POST are refused when it %s', async (_what, headers) => {
    const before = await projects();
    for (const { status, body } of [await get(headers), await post(headers)]) expect([status, (body as { code: string }).code]).toEqual([403, 'cross_site_request']);
    expect(await projects()).toBe(before);
  });

  it('and the header alone is no way in', async () => {
    expect((await get({ Cookie: '', ...ownPage })).body).toMatchObject({ code: 'key_missing' });
  });

  it('and never goes before a key: Authorization counts, right or wrong', async () => {
    const user = await newUser(api);
    const whoami = (key: string) => send(api, 'GET', '/v1/auth/whoami', { key, headers: { ...ownPage, Cookie: cookie } });
    expect((await whoami(user.key)).body).toMatchObject({ user: { user_id: user.userId }, session_expires_at: null });
    expectProblem(await whoami('wrong'), 401, 'key_invalid');
    // A key needs no header of ours, wherever it comes from.
    expect((await send(api, 'GET', '/v1/auth/whoami', { key: user.key, headers: { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(200);
  });

  it('and CORS never lets cookies through', async () => {
    for (const Origin of ['https://friend.example', 'https://evil.example', api.url]) {
      const preflight = await send(api, 'OPTIONS', '/v1/auth/whoami', { headers: { Origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'x-verge-session' } });
      const answer = await send(api, 'GET', '/v1/auth/whoami', { headers: { ...own, Origin, Cookie: cookie } });
      for (const { headers } of [preflight, answer]) expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('and no page of strangers signs anybody in', async () => {
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: 'https://evil.example' }, { Origin: 'null' }]) {
      const code = await newCode(api);
      const refused = await send(api, 'POST', '/v1/auth/create_session', { json: { code }, headers });
      expectProblem(refused, 403, 'cross_site_request');
      expect(refused.headers.getSetCookie()).toEqual([]);
      await signIn(api, { code });
    }
  });

  it('and a form cannot sign anybody in either: its body is no JSON', async () => {
    const reply = await send(api, 'POST', '/v1/auth/create_session', { body: JSON.stringify({ code: await newCode(api) }), headers: { 'Content-Type': 'text/plain' } });
    expectProblem(reply, 415, 'unsupported_media_type');
  });
});

describe('a host by which this machine is not known (DNS rebinding)', () => {
  const ask = (api: TestApi, Host: string, headers: Record<string, string>) => sendQuickly(api.url, 'GET', '/v1/auth/whoami', { headers: { Host, ...headers } });

  it(
    'gets nothing with a session, and nobody signed in',
    withApi({}, async (api) => {
      const { headers } = await signIn(api, { key: api.adminKey });
      const { port } = new URL(api.url);
      for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1']) {
        expect((await ask(api, host, headers)).body, host).toMatchObject({ status: 403, code: 'host_not_allowed' });
        const signingIn = await sendQuickly(api.url, 'POST', '/v1/auth/create_session', { key: api.adminKey, json: {}, headers: { Host: host } });
        expect(signingIn.body, host).toMatchObject({ code: 'host_not_allowed' });
      }
      for (const host of ['localhost', `localhost:${port}`, 'LOCALHOST', '127.0.0.1', `[::1]:${port}`, '127.0.0.2']) expect((await ask(api, host, headers)).status, host).toBe(200);
    }),
  );

  it(
    'gets everything with a key, as behind a proxy that passes names on',
    withApi({}, async (api) => {
      for (const host of ['ml.example.com', 'vergeai', '10.0.0.1:3000']) expect((await ask(api, host, { Authorization: api.adminKey })).status, host).toBe(200);
    }),
  );

  it(
    'is known when it is that of PUBLIC_URL',
    withApi({ PUBLIC_URL: 'https://ml.example.com/train' }, async (api) => {
      const { headers } = await signIn(api, { key: api.adminKey });
      expect((await ask(api, 'ml.example.com', headers)).status).toBe(200);
      expect((await ask(api, 'other.example.com', headers)).status).toBe(403);
    }),
  );

  it(
    'is known when a trusted proxy names it and nobody else does',
    withApi({ TRUST_PROXY: '1' }, async (api) => {
      const { headers } = await signIn(api, { key: api.adminKey });
      expect((await ask(api, 'internal', { ...headers, 'X-Forwarded-Host': 'ml.example.com', 'X-Forwarded-Proto': 'https' })).status).toBe(200);
    }),
  );

  it('is asked for on loopback addresses only: in a container or a network a server has names that it need not know', () => {
    const config = readConfig({});
    const from = (localAddress: string | undefined) => ({ host: 'ml.internal:3000', socket: { localAddress } }) as unknown as Request;
    for (const address of ['172.17.0.2', '::ffff:172.17.0.2', 'fd00::1', undefined]) requireKnownHost({ config }, from(address));
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '::1']) expect(() => requireKnownHost({ config }, from(address)), address).toThrow('host');
    // Who speaks HTTP/1.0 need not name one.
    expect(() => requireKnownHost({ config }, { socket: { localAddress: '127.0.0.1' } } as unknown as Request)).toThrow('host');
  });
});

describe('a way that others can read along', () => {
  const origin = 'http://ml.example.com';
  const signInAt = (api: TestApi, headers: Record<string, string>) => send(api, 'POST', '/v1/auth/create_session', { key: api.adminKey, json: {}, headers });

  it(
    'is none to sign in on',
    withApi({ PUBLIC_URL: origin }, async (api) => {
      const reply = await signInAt(api, { Origin: origin });
      expectProblem(reply, 403, 'sign_in_needs_tls');
      expect(reply.headers.getSetCookie()).toEqual([]);
    }),
  );

  it(
    'is one where ALLOW_HTTP_SIGN_IN says so, with a cookie that a browser takes there and a GET on which it says nothing',
    withApi({ PUBLIC_URL: origin, ALLOW_HTTP_SIGN_IN: '1' }, async (api) => {
      const [cookie, ...more] = cookiesOf(await signInAt(api, { Origin: origin }));
      expect([cookie!.name, more]).toEqual(['verge', []]);
      expect(cookie!.attributes).not.toContain('Secure');
      const get = (headers: Record<string, string>) => sendQuickly(api.url, 'GET', '/v1/auth/whoami', { headers: { Host: 'ml.example.com', Cookie: `verge=${cookie!.value}`, ...headers } });
      expect((await get({ 'X-Verge-Session': '1' })).status).toBe(200);
      for (const headers of [{}, { 'X-Verge-Session': '1', Origin: 'http://evil.example' }, { 'X-Verge-Session': '1', 'Sec-Fetch-Site': 'cross-site' }])
        expect((await get(headers)).body).toMatchObject({ code: 'cross_site_request' });
    }),
  );

  it(
    'has put no cookie on one that they cannot: there the plain one does not count',
    withApi({ PUBLIC_URL: 'https://ml.example.com', TRUST_PROXY: '1' }, async (api) => {
      const reply = await signInAt(api, { Origin: 'https://ml.example.com' });
      const cookies = cookiesOf(reply);
      expect(cookies.map(({ name }) => name)).toEqual(['__Host-verge']);
      const get = (Cookie: string) => sendQuickly(api.url, 'GET', '/v1/auth/whoami', { headers: { Host: 'ml.example.com', 'X-Forwarded-Proto': 'https', ...ownPage, Cookie } });
      expect((await get(`__Host-verge=${cookies[0]!.value}`)).status).toBe(200);
      expect((await get(`verge=${cookies[0]!.value}`)).body).toMatchObject({ code: 'key_missing' });
    }),
  );
});

describe('WEB=0', () => {
  it(
    'takes no session, begins none and makes no code for one; keys count as ever',
    withApi({ WEB: '0' }, async (api) => {
      expectProblem(await send(api, 'POST', '/v1/auth/create_session', { key: api.adminKey, json: {}, headers: ownPage }), 403, 'web_off');
      expectProblem(await send(api, 'POST', '/v1/auth/create_sign_in_code', { key: api.adminKey, json: {} }), 403, 'web_off');
      const project = await newProject(api);
      expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey })).status).toBe(200);
    }),
  );

  it('does not count the sessions that there were', async () => {
    let on = true;
    const api = await startApi('sqlite', {}, { change: (ctx) => ({ ...ctx, config: { ...ctx.config, get web() { return on; } } }) });
    try {
      const { headers } = await signIn(api, { key: api.adminKey });
      on = false;
      expectProblem(await send(api, 'GET', '/v1/auth/whoami', { headers }), 401, 'key_missing');
      on = true;
      expect((await send(api, 'GET', '/v1/auth/whoami', { headers })).status).toBe(200);
    } finally {
      await api.close();
    }
  });
});
