import { describe, expect, it } from 'vitest';
import { newProject, send, startApi, type TestApi } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';
import { askTicket, newPlace } from '../support/uploads.js';

const withApi = (env: Record<string, string>, test: (api: TestApi) => Promise<void>) => async () => {
  const api = await startApi('sqlite', env);
  try {
    await test(api);
  } finally {
    await api.close();
  }
};

const uuid = /^[0-9a-f-]{36}$/;

describe('every answer', () => {
  it(
    'has an X-Request-Id of its own, which its problem repeats, and security headers',
    withApi({}, async (api) => {
      const seen = new Set<string>();
      const { key } = { key: api.adminKey };
      const project = await newProject(api);
      const replies = [
        await send(api, 'GET', '/livez'),
        await send(api, 'GET', '/metrics'),
        await send(api, 'GET', '/openapi.json'),
        await send(api, 'GET', '/docs'),
        await send(api, 'GET', '/problems'),
        await send(api, 'GET', '/nowhere'),
        await send(api, 'DELETE', '/livez'),
        await send(api, 'GET', '/v1/project/list'),
        await send(api, 'GET', '/v1/project/list', { key }),
        await send(api, 'GET', `/v1/project/get/${project}`, { key }),
        await send(api, 'GET', `/v1/project/get/%`, { key }),
        await send(api, 'POST', '/v1/project/create', { key, body: '{', headers: { 'Content-Type': 'application/json' } }),
        await send(api, 'POST', '/v1/project/create', { key, body: 'x', headers: { 'Content-Type': 'text/plain' } }),
        await send(api, 'GET', '/v1/download?ticket=x'),
      ];
      for (const { headers, status, body } of replies) {
        const id = headers.get('x-request-id')!;
        expect(id).toMatch(uuid);
        expect(seen.has(id)).toBe(false);
        seen.add(id);
        if (status >= 400) expect(body.request_id).toBe(id);
        if (status >= 400) expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toMatch(/default-src '(none|self)'/);
        expect(headers.get('content-security-policy')).toMatch(/frame-ancestors '(none|self)'/);
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('x-powered-by')).toBeNull();
        expect(headers.get('server')).toBeNull();
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    }),
  );

  it(
    'never takes over a request id, or anything else, from the request',
    withApi({}, async (api) => {
      const { headers } = await send(api, 'GET', '/livez', { headers: { 'X-Request-Id': 'chosen-by-me' } });
      expect(headers.get('x-request-id')).toMatch(uuid);
    }),
  );

  it(
    'with somebody\'s data is not to be stored by caches',
    withApi({}, async (api) => {
      for (const path of ['/v1/project/list', '/v1/auth/list']) expect((await send(api, 'GET', path, { key: api.adminKey })).headers.get('cache-control')).toBe('no-store');
    }),
  );

  it(
    'to a request without a good key says how to authenticate',
    withApi({}, async (api) => {
      for (const key of [undefined, 'wrong']) expect((await send(api, 'GET', '/v1/project/list', { key })).headers.get('www-authenticate')).toBe('Bearer');
    }),
  );
});

describe('the key', () => {
  it(
    'may come as it is or as Bearer, in any case',
    withApi({}, async (api) => {
      for (const key of [api.adminKey, `Bearer ${api.adminKey}`, `bearer  ${api.adminKey}`, `BEARER ${api.adminKey}`])
        expect((await send(api, 'GET', '/v1/project/list', { key })).status).toBe(200);
    }),
  );

  it(
    'does not count in a query, a cookie or another header',
    withApi({}, async (api) => {
      const attempts = [
        await send(api, 'GET', `/v1/project/list?key=${api.adminKey}&authorization=${api.adminKey}&access_token=${api.adminKey}`),
        await send(api, 'GET', '/v1/project/list', { headers: { Cookie: `authorization=${api.adminKey}` } }),
        await send(api, 'GET', '/v1/project/list', { headers: { 'X-Api-Key': api.adminKey } }),
      ];
      for (const { status, body } of attempts) expect([status, body.code]).toEqual([401, 'key_missing']);
    }),
  );
});

describe('CORS', () => {
  const origin = 'https://app.example.com';
  const preflight = (api: TestApi, from = origin) =>
    send(api, 'OPTIONS', '/v1/project/create', { headers: { Origin: from, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key' } });

  it(
    'is off unless it is configured',
    withApi({}, async (api) => {
      const asked = await preflight(api);
      const got = await send(api, 'GET', '/livez', { headers: { Origin: origin } });
      expect(asked.status).toBe(405);
      for (const { headers } of [asked, got]) expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }),
  );

  it(
    'lets in the origins of CORS_ORIGINS and no other',
    withApi({ CORS_ORIGINS: `${origin}, https://other.example.com` }, async (api) => {
      const asked = await preflight(api);
      expect(asked.status).toBe(204);
      expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
      expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(/authorization.*content-type.*idempotency-key/);
      expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
      expect(asked.headers.get('vary')).toMatch(/origin/i);

      const got = await send(api, 'GET', '/v1/project/list', { key: api.adminKey, headers: { Origin: 'https://other.example.com' } });
      expect(got.headers.get('access-control-allow-origin')).toBe('https://other.example.com');
      expect(got.headers.get('access-control-expose-headers')).toMatch(/X-Request-Id/);

      for (const stranger of ['https://evil.example', `${origin}.evil.example`, 'null', 'http://app.example.com'])
        expect((await preflight(api, stranger)).headers.get('access-control-allow-origin')).toBeNull();
    }),
  );

  it(
    'lets a page send what it likes: to resume a stream, to trace, and what users of the clients add',
    withApi({ CORS_ORIGINS: origin }, async (api) => {
      const names = ['authorization', 'last-event-id', 'traceparent', 'tracestate', 'baggage', 'range', 'if-none-match', 'x-of-a-user'];
      for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
        const { status, headers } = await send(api, 'OPTIONS', '/v1/download', {
          headers: { Origin: origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': names.join(',') },
        });
        expect(status).toBe(204);
        expect(headers.get('access-control-allow-headers')?.split(',')).toEqual(names);
        expect(headers.get('access-control-allow-methods')?.split(',')).toContain(method);
        expect(headers.get('vary')).toMatch(/access-control-request-headers/i);
      }
    }),
  );

  it(
    'tells a page why it was refused, too',
    withApi({ CORS_ORIGINS: origin }, async (api) => {
      const { status, headers } = await send(api, 'GET', '/v1/project/list', { headers: { Origin: origin } });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    }),
  );
});

describe('where tickets and links lead', () => {
  const evil = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', Forwarded: 'host=evil.example' };
  const ticketUrl = async (api: TestApi, headers: Record<string, string>) => {
    const { project, experiment } = await newPlace(api);
    const { body } = await sendQuickly(api.url, 'POST', '/v1/experiment/submit_start_model', { key: api.adminKey, json: { project_id: project, experiment_id: experiment }, headers });
    return (body as { model_url: { url: string } }).model_url.url;
  };

  it(
    'is the address the server listens on, whatever Host a request claims',
    withApi({}, async (api) => {
      expect(await ticketUrl(api, evil)).toBe(`${api.url}/v1/upload`);
      expect((await sendQuickly(api.url, 'GET', '/openapi.json', { headers: evil })).text).not.toContain('evil');
    }),
  );

  it(
    'is PUBLIC_URL when it is set, with or without a slash at its end, also behind a proxy',
    withApi({ PUBLIC_URL: 'https://ml.example.com/train/', TRUST_PROXY: '1' }, async (api) => {
      expect(await ticketUrl(api, evil)).toBe('https://ml.example.com/train/v1/upload');
      const { body } = await sendQuickly(api.url, 'GET', '/openapi.json');
      expect((body as { servers: unknown }).servers).toEqual([{ url: 'https://ml.example.com/train' }]);
    }),
  );

  it(
    'is what the proxy says once TRUST_PROXY trusts it',
    withApi({ TRUST_PROXY: '1' }, async (api) => {
      expect(await ticketUrl(api, { Host: 'internal', 'X-Forwarded-Host': 'ml.example.com', 'X-Forwarded-Proto': 'https' })).toBe('https://ml.example.com/v1/upload');
    }),
  );

  it(
    'takes the bytes',
    withApi({}, async (api) => {
      const ticket = await askTicket(api, await newPlace(api));
      const { status } = await send({ url: '' }, 'PUT', `${ticket.url}?${new URLSearchParams(ticket.fields)}`, { body: '{"w":[1]}', headers: { 'Content-Type': 'application/json' } });
      expect(status).toBe(204);
    }),
  );
});

describe('rate limits', () => {
  const burst = (api: TestApi, count: number, options: { key?: string; headers?: Record<string, string> }, path = '/v1/project/list') =>
    Promise.all(Array.from({ length: count }, () => sendQuickly(api.url, 'GET', path, options)));
  const refused = <T extends { status: number }>(replies: readonly T[]) => replies.filter(({ status }) => status === 429);

  it(
    'count each key, and say in Retry-After when to come back',
    withApi({ RATE_LIMIT_PER_KEY: '5' }, async (api) => {
      const other = (await send(api, 'POST', '/v1/user/create', { key: api.adminKey, json: {} })).body.key as string;
      const limited = refused(await burst(api, 100, { key: api.adminKey }));
      expect(limited.length).toBeGreaterThan(0);
      for (const { headers, body } of limited) {
        expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
        expect(Number(headers['retry-after'])).toBeLessThanOrEqual(2);
        expect(body).toMatchObject({ code: 'rate_limited', status: 429, request_id: headers['x-request-id'] });
      }
      expect((await sendQuickly(api.url, 'GET', '/v1/project/list', { key: other })).status).toBe(200);
    }),
  );

  it(
    'count each address, also without a key, and do not believe X-Forwarded-For',
    withApi({ RATE_LIMIT_PER_ADDRESS: '5' }, async (api) => {
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, at) => sendQuickly(api.url, 'GET', '/v1/project/list', { headers: { 'X-Forwarded-For': `10.0.0.${at}` } })),
      );
      expect(refused(replies).length).toBeGreaterThan(0);
      expect(refused(await burst(api, 40, {}, '/livez'))).toEqual([]);
    }),
  );

  it(
    'tell clients behind a trusted proxy apart',
    withApi({ RATE_LIMIT_PER_ADDRESS: '5', TRUST_PROXY: '1' }, async (api) => {
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, at) => sendQuickly(api.url, 'GET', '/v1/project/list', { headers: { 'X-Forwarded-For': `10.0.0.${at}` } })),
      );
      expect(refused(replies)).toEqual([]);
    }),
  );

  it(
    'are off at 0',
    withApi({ RATE_LIMIT_PER_KEY: '0', RATE_LIMIT_PER_ADDRESS: '0' }, async (api) => {
      expect(refused(await burst(api, 300, { key: api.adminKey }, '/v1/auth/list'))).toEqual([]);
    }),
  );
});
