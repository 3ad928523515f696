import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { eventually } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type TestApi } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';
import { expectProblem } from '../support/uploads.js';

const SCRIPT = 'export const answer = 42; // '.padEnd(4000, 'x');
const INDEX = `<!doctype html><html lang="en"><head><title>Pages of a test</title>
<link rel="icon" href="./favicon.svg"><link rel="stylesheet" href="/assets/app-1a2b.css">
<script type="module" src="./assets/app-3c4d.js"></script></head>
<body><a href="//elsewhere.example/x">else</a><a href="https://elsewhere.example/">where</a></body></html>`;
const REFERENCE = '<!doctype html><title>Reference of a test</title><link rel="icon" href="./favicon.svg"><script src="./assets/app-3c4d.js"></script>';
const browser = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** As a build leaves them. */
async function buildPages(): Promise<{ folder: string; root: string }> {
  const root = await mkdtemp(path.join(tmpdir(), 'vergeai-pages-'));
  const folder = path.join(root, 'dist');
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  const files: Record<string, string | Buffer> = {
    'index.html': INDEX,
    'docs.html': REFERENCE,
    'docs.html.gz': gzipSync(REFERENCE),
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '.env': 'SECRET=1',
    'assets/app-1a2b.css': 'body{}',
    'assets/app-3c4d.js': SCRIPT,
    'assets/app-3c4d.js.br': brotliCompressSync(SCRIPT),
    'assets/app-3c4d.js.gz': gzipSync(SCRIPT),
    'assets/.hidden.js': 'SECRET=1',
    '../outside.js': 'SECRET=1',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return { folder, root };
}

describe("the dashboard's pages", () => {
  let api: TestApi;
  let built: Awaited<ReturnType<typeof buildPages>>;
  beforeAll(async () => {
    built = await buildPages();
    api = await startApi('sqlite', {}, { pages: built.folder });
  });
  afterAll(async () => {
    await api.close();
    await rm(built.root, { recursive: true });
  });

  it.each(['/', '/sign-in', '/p/0123/e/4567/metrics?x=job', '/keys/', '/index.html'])('%s is the page, to a browser', async (where) => {
    const { status, headers, text } = await send(api, 'GET', where, { headers: browser });
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'text/html; charset=utf-8', 'no-store']);
    expect(text).toContain('Pages of a test');
    expect(headers.get('vary')).toMatch(/accept/i);
    const head = await send(api, 'HEAD', where, { headers: browser });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('come with a policy under which nothing runs but what is theirs', async () => {
    for (const where of ['/', '/assets/app-3c4d.js']) {
      const { headers } = await send(api, 'GET', where, { headers: browser });
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types verge",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toBe('camera=(), microphone=(), geolocation=()');
    }
  });

  it.each([{}, browser])('have the reference at /docs, with all that it refers to, and nowhere else', async (headers) => {
    const answer = await fetch(`${api.url}/docs/?lang=curl`, { headers });
    expect([answer.status, answer.url, answer.headers.get('content-type'), answer.headers.get('content-encoding'), answer.headers.get('cache-control')]).toEqual([
      200, `${api.url}/docs?lang=curl`, 'text/html; charset=utf-8', 'gzip', 'no-cache',
    ]);
    expect(answer.headers.get('content-security-policy')).toMatch(/require-trusted-types-for 'script'/);
    const text = await answer.text();
    expect(text).toBe(REFERENCE);
    for (const [, link] of text.matchAll(/(?:src|href)="([^"]+)"/g)) expect((await fetch(new URL(link!, answer.url))).status, link).toBe(200);
    for (const where of ['/docs.html', '/docs.html.gz', '/docs/x']) expect((await sendQuickly(api.url, 'GET', where)).status, where).toBe(404);
    expect((await sendQuickly(api.url, 'GET', '/docs', { headers: { Host: 'evil.example' } })).status).toBe(403);
  });

  it('lead from the root to what they need, wherever they stand', async () => {
    const { text } = await send(api, 'GET', '/p/1/e/2', { headers: browser });
    const links = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toEqual(['/favicon.svg', '/assets/app-1a2b.css', '/assets/app-3c4d.js', '//elsewhere.example/x', 'https://elsewhere.example/']);
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip, br;q=0', 'gzip', gunzipSync],
    ['gzip;q=0, br;q=0, identity', undefined, (bytes: Buffer) => bytes],
    ['', undefined, (bytes: Buffer) => bytes],
  ])('have files that a build compressed, to who takes "%s"', async (accepted, encoding, decode) => {
    const { port } = new URL(api.url);
    // By hand: fetch would decode.
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /assets/app-3c4d.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${accepted}\r\nConnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const answer = Buffer.concat(chunks);
    const at = answer.indexOf('\r\n\r\n');
    const head = answer.toString('latin1', 0, at).toLowerCase();
    expect(head).toMatch(/^http\/1\.1 200 /);
    expect(/content-encoding: (\S+)/.exec(head)?.[1]).toBe(encoding);
    expect(head).toContain('content-type: text/javascript; charset=utf-8');
    expect(head).toContain('vary: accept-encoding');
    expect(head).toContain('cache-control: public, max-age=31536000, immutable');
    expect(decode(answer.subarray(at + 4)).toString()).toBe(SCRIPT);
  });

  it('have files without a made name asked for anew, and not sent anew', async () => {
    const { status, headers } = await send(api, 'GET', '/favicon.svg');
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'image/svg+xml', 'no-cache']);
    const again = await sendQuickly(api.url, 'GET', '/favicon.svg', { headers: { 'If-Modified-Since': headers.get('last-modified')! } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each(['/assets/gone-9z.js', '/assets/', '/nowhere.html', '/favicon.ico'])('%s, which is not there, is not the page: a script that is missing has to fail', async (where) => {
    const reply = await sendQuickly(api.url, 'GET', where, { headers: where.endsWith('/') ? {} : browser });
    expect([reply.status, (reply.body as { code: string }).code]).toEqual([404, 'route_not_found']);
  });

  it.each([
    '/.env', '/assets/.hidden.js', '/../outside.js', '/%2e%2e/outside.js', '/..%2foutside.js', '/assets/../../outside.js', '/assets/%2e%2e/%2e%2e/outside.js',
    '/assets/..\\..\\outside.js', '//outside.js', '/.%00./outside.js', '/assets/app-3c4d.js%00', '/assets/app-3c4d.js.br', '/assets/app-3c4d.js/', `/${'a/'.repeat(3000)}x.js`,
  ])('never give away %s', async (where) => {
    const reply = await sendQuickly(api.url, 'GET', where);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(reply.text).not.toContain('SECRET');
  });

  it('leave the API as it is: what programs ask for, what is below /v1, and the pages that there were', async () => {
    const { body } = await send(api, 'GET', '/');
    expect(body).toMatchObject({ name: 'Experiments API' });
    expectProblem(await send(api, 'GET', '/sign-in'), 404, 'route_not_found');
    expectProblem(await send(api, 'GET', '/v1/nowhere', { headers: browser }), 404, 'route_not_found');
    expectProblem(await send(api, 'GET', '/v1/auth/create', { headers: browser }), 405, 'method_not_allowed');
    for (const method of ['POST', 'PUT', 'DELETE']) expectProblem(await send(api, method, '/sign-in', { headers: browser }), 404, 'route_not_found');
    expectProblem(await send(api, 'POST', '/', { headers: browser }), 405, 'method_not_allowed');
    expect((await send(api, 'GET', '/problems', { headers: browser })).text).toContain('Error codes');
    expect((await send(api, 'GET', '/livez', { headers: browser })).body).toEqual({ status: 'ok' });
  });

  it('are shown under the names of this machine only (DNS rebinding); the API is open under any, as ever', async () => {
    const ask = (where: string, Host: string, headers: Record<string, string> = browser) => sendQuickly(api.url, 'GET', where, { headers: { ...headers, Host } });
    for (const where of ['/', '/sign-in', '/assets/app-3c4d.js']) {
      expect((await ask(where, 'evil.example')).body).toMatchObject({ status: 403, code: 'host_not_allowed' });
      expect((await ask(where, 'localhost:3000')).status).toBe(200);
    }
    expect((await ask('/v1/auth/whoami', 'evil.example', { Authorization: api.adminKey })).status).toBe(200);
    expect((await ask('/', 'evil.example', {})).status).toBe(200);
  });

  it('outlive files that are removed while the server runs, and show those that are built anew', async () => {
    const { folder } = built;
    await writeFile(path.join(folder, 'assets/app-5e6f.js'), 'new');
    expect((await send(api, 'GET', '/assets/app-5e6f.js')).text).toBe('new');
    await rm(path.join(folder, 'assets/app-5e6f.js'));
    expectProblem(await send(api, 'GET', '/assets/app-5e6f.js'), 404, 'route_not_found');
    await rm(path.join(folder, 'index.html'));
    try {
      expectProblem(await send(api, 'GET', '/sign-in', { headers: browser }), 404, 'route_not_found');
    } finally {
      await writeFile(path.join(folder, 'index.html'), INDEX);
    }
    expect((await send(api, 'GET', '/sign-in', { headers: browser })).status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('keep no file open for readers that have left', async () => {
    await writeFile(path.join(built.folder, 'assets/large-7g8h.bin'), Buffer.alloc(8 * 1024 * 1024));
    const openFiles = async () => (await readdir('/proc/self/fd')).length;
    const { port } = new URL(api.url);
    const before = await openFiles();
    for (let reader = 0; reader < 100; reader++) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write('GET /assets/large-7g8h.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'data');
      socket.destroy();
    }
    await eventually('they are closed', async () => (await openFiles()) < before + 20);
  });
});

describe('with a path in PUBLIC_URL', () => {
  it('the pages lead below it, whether or not a proxy takes it off', async () => {
    const { folder, root } = await buildPages();
    const api = await startApi('sqlite', { PUBLIC_URL: 'https://ml.example.com/ver&ge' }, { pages: folder });
    try {
      for (const where of ['/ver&ge/sign-in', '/sign-in', '/ver&ge', '/ver&ge/']) {
        const { status, text } = await sendQuickly(api.url, 'GET', where, { headers: { ...browser, Host: 'ml.example.com' } });
        expect(status, where).toBe(200);
        const links = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!.replaceAll('&amp;', '&'));
        expect(links).toEqual(['/ver&ge/favicon.svg', '/ver&ge/assets/app-1a2b.css', '/ver&ge/assets/app-3c4d.js', '//elsewhere.example/x', 'https://elsewhere.example/']);
        for (const link of links.slice(0, 3)) expect((await sendQuickly(api.url, 'GET', link, { headers: { Host: 'ml.example.com' } })).status, link).toBe(200);
      }
      expect((await send(api, 'POST', '/v1/auth/create_sign_in_code', { key: api.adminKey, json: {} })).body.url).toMatch(/^https:\/\/ml\.example\.com\/ver&ge\/sign-in#code=/);
    } finally {
      await api.close();
      await rm(root, { recursive: true });
    }
  });
});

it('WEB=0 shows no pages, and the root is as without them', async () => {
  const { folder, root } = await buildPages();
  const api = await startApi('sqlite', { WEB: '0' }, { pages: folder });
  try {
    const { text } = await send(api, 'GET', '/', { headers: browser });
    expect(text).toContain('Experiments API');
    for (const where of ['/sign-in', '/assets/app-3c4d.js', '/index.html', '/docs.html']) expectProblem(await send(api, 'GET', where, { headers: browser }), 404, 'route_not_found');
    expect((await send(api, 'GET', '/docs', { headers: browser })).text).toContain('WEB=0');
  } finally {
    await api.close();
    await rm(root, { recursive: true });
  }
});
