import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { askTicket, newPlace, ticketWays, submitInline } from '../support/uploads.js';

/** A proxy that hands /verge to the server, without the prefix or with it. */
async function proxyFor(target: () => string, strips: boolean): Promise<{ server: Server; url: string }> {
  const server = createServer((req, res) => {
    if (!/^\/verge(\/|$)/.test(req.url!)) return void res.writeHead(421).end('not ours');
    const path = strips ? req.url!.slice('/verge'.length) || '/' : req.url!;
    req.pipe(request(target() + path, { method: req.method!, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(res);
    }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/verge` };
}

describe.each([
  ['takes it off', true],
  ['leaves it on', false],
])('behind a path prefix, of which the proxy %s,', (_what, strips) => {
  let api: TestApi;
  let proxy: Awaited<ReturnType<typeof proxyFor>>;
  /** The server as others see it. */
  let seen: TestApi;
  beforeAll(async () => {
    proxy = await proxyFor(() => api.url, strips);
    api = await startApi('sqlite', { PUBLIC_URL: proxy.url });
    seen = { ...api, url: proxy.url };
  });
  afterAll(async () => {
    await api.close();
    proxy.server.closeAllConnections();
    proxy.server.close();
  });

  it.each(['/docs', '/docs/'])('%s stands at one address, from which its links lead to what is there', async (path) => {
    const page = await fetch(seen.url + path);
    expect([page.status, page.url]).toEqual([200, `${seen.url}/docs`]);
    const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => new URL(link!, page.url));
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const link of links) expect((await fetch(link)).status, link.href).toBe(200);
    expect(((await (await fetch(`${seen.url}/openapi.json`)).json()) as { servers: unknown }).servers).toEqual([{ url: seen.url }]);
  });

  it('the type of a problem leads to the page that explains it', async () => {
    const { body } = await send(seen, 'GET', '/v1/project/list');
    const page = await fetch(new URL(body.type as string, `${seen.url}/v1/project/list`));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('id="key_missing"');
  });

  it('tickets and links work, and begin with PUBLIC_URL', async () => {
    for (const [, upload] of ticketWays) {
      const place = await newPlace(seen);
      const ticket = await askTicket(seen, place);
      expect(ticket.url).toBe(`${seen.url}/v1/upload`);
      expect((await upload(ticket, '{"w":[1]}')).status).toBe(204);
      const { body } = await send(seen, 'GET', `/v1/experiment/start_model/${place.project}/${place.experiment}`, { key: seen.adminKey });
      expect(body.model_url).toMatch(new RegExp(`^${seen.url}/v1/download`));
      expect((await send(seen, 'GET', body.model_url as string)).text).toBe('{"w":[1]}');
    }
  });

  it('operations, health and 405 are the same, also under an Idempotency-Key', async () => {
    expect((await submitInline(seen, await newPlace(seen), { w: [1] })).status).toBe(204);
    for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json', '/llms.txt', '/problems']) expect((await fetch(seen.url + path)).status, path).toBe(200);
    expect((await send(seen, 'DELETE', '/v1/project/list')).status).toBe(405);
    expect((await send(seen, 'GET', '/vergeless')).status).toBe(404);
    const create = () => send(seen, 'POST', '/v1/project/create', { key: seen.adminKey, json: { project_name: 'x' }, headers: { 'Idempotency-Key': 'prefix' } });
    expect((await create()).text).toBe((await create()).text);
  });

  it('whoever comes past the proxy is led back to it', async () => {
    expect((await send(api, 'GET', '/verge/nothing')).body.type).toBe('/verge/problems#route_not_found');
    const { headers } = await fetch(`${api.url}/docs/?lang=curl`, { redirect: 'manual' });
    expect(headers.get('location')).toBe('/verge/docs?lang=curl');
  });
});
