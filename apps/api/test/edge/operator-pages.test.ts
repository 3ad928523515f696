import { operations, transferRoutes } from '@vergeai/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { implementations } from '../../src/features/index.js';
import { implementedContract } from '../../src/http/register.js';
import { refusals } from '../../src/refusal.js';
import { newExperiment, newProject, send, startApi, type Reply, type TestApi } from '../support/api.js';

// oxlint-disable-next-line typescript/no-explicit-any -- its shape is what is tested
type Json = Record<string, any>;

describe('what the operator and the reader see', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi('sqlite');
  });
  afterAll(() => api.close());

  describe('/livez and /readyz', () => {
    it.each(['/livez', '/readyz'])('%s is 200 for everyone', async (path) => {
      const { status, body } = await send(api, 'GET', path);
      expect([status, body]).toEqual([200, { status: 'ok' }]);
    });
  });

  describe('/', () => {
    it('tells a program what this is and where to go on, and each of these is there', async () => {
      const { status, body, headers } = await send(api, 'GET', '/');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(body).toEqual({
        name: 'Experiments API',
        version: expect.any(String),
        docs: `${api.url}/docs`,
        openapi: `${api.url}/openapi.json`,
        llms: `${api.url}/llms.txt`,
        problems: `${api.url}/problems`,
        health: `${api.url}/readyz`,
      });
      for (const link of ['docs', 'openapi', 'llms', 'problems', 'health']) expect((await send(api, 'GET', body[link] as string)).status).toBe(200);
    });

    it('gives a browser a page whose links work, also under a path', async () => {
      const { text, headers } = await send(api, 'GET', '/', { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
      expect(headers.get('content-type')).toMatch(/^text\/html/);
      expect(text).toContain('Experiments API');
      const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!);
      expect(links).toHaveLength(5);
      for (const link of links) {
        expect(link).not.toMatch(/^(\/|http)/);
        expect((await send(api, 'GET', new URL(link, `${api.url}/`).href)).status).toBe(200);
      }
    });

    it('takes no other method', async () => {
      const { status, headers } = await send(api, 'POST', '/');
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    });
  });

  describe('/metrics', () => {
    it('counts requests by operation and status, and never by path', async () => {
      const project = await newProject(api);
      const experiment = await newExperiment(api, project);
      await send(api, 'GET', `/v1/experiment/get/${project}/${experiment}`, { key: api.adminKey });
      await send(api, 'GET', `/v1/experiment/get/${project}/${'0'.repeat(32)}`, { key: api.adminKey });
      await send(api, 'GET', `/some/path/of/a/stranger`);
      const { text, headers } = await send(api, 'GET', '/metrics');
      expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      const count = (operation: string, status: number) =>
        Number(new RegExp(`^vergeai_http_request_duration_seconds_count\\{operation="${operation}",status="${status}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
      expect(count('experiment.get', 200)).toBeGreaterThanOrEqual(1);
      expect(count('experiment.get', 404)).toBeGreaterThanOrEqual(1);
      expect(count('none', 404)).toBeGreaterThanOrEqual(1);
      for (const secret of [project, experiment, 'stranger', api.adminKey]) expect(text).not.toContain(secret);
    });

    it('is Prometheus text: every line a comment or a sample', async () => {
      const { text } = await send(api, 'GET', '/metrics');
      const odd = text.split('\n').filter((line) => line !== '' && !/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? (-?[\d.e+-]+|nan|[+-]inf))$/i.test(line));
      expect(odd).toEqual([]);
    });

    it('tells of the process: memory, event loop, start', async () => {
      const { text } = await send(api, 'GET', '/metrics');
      for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds', 'vergeai_start_time_seconds']) expect(text).toMatch(new RegExp(`^${name} [\\d.e+-]+$`, 'm'));
    });
  });

  describe('/openapi.json', () => {
    let document: Json;
    beforeAll(async () => {
      document = (await send(api, 'GET', '/openapi.json')).body as Json;
    });
    const described = () =>
      Object.entries(document['paths']! as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
      );

    it('lists exactly what is registered', () => {
      const registered = [...operations(implementedContract(implementations)).map(({ route }) => route), ...Object.values(transferRoutes)].map(
        ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
      );
      expect(described().map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(registered.sort());
    });

    it('is OpenAPI 3.1 in its structure', () => {
      expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1\.\d+$/), info: { title: expect.any(String), version: expect.any(String) }, servers: [{ url: '/' }] });
      const ids = described().map(({ operation }) => operation['operationId'] as string);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { path, operation } of described()) {
        const parameters = operation['parameters'] as Array<{ name: string; in: string; required: boolean; schema: object }>;
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name).sort(), path).toEqual(inPath.sort());
        for (const parameter of parameters) {
          expect(['path', 'query', 'header'], path).toContain(parameter.in);
          expect(parameter.schema, `${path} ${parameter.name}`).toBeTypeOf('object');
          if (parameter.in === 'path') expect(parameter.required).toBe(true);
        }
        const responses = operation['responses'] as Record<string, unknown>;
        expect(Object.keys(responses).some((status) => /^20\d$/.test(status)), path).toBe(true);
        expect(responses['default'], path).toEqual({ $ref: '#/components/responses/Problem' });
        expect(operation['summary'], path).toBeTypeOf('string');
      }
    });

    it('has no reference that leads nowhere, and no schema dialect of its own', () => {
      const text = JSON.stringify(document);
      for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
        const found = pointer!.split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
        expect(found, pointer).toBeDefined();
      }
      expect(text).not.toContain('$schema');
    });

    it('asks for a key everywhere but where a ticket counts', () => {
      const open = described().filter(({ operation }) => (operation['security'] as unknown[]).length === 0).map(({ path }) => path);
      expect(new Set(open)).toEqual(new Set(['/v1/upload', '/v1/download']));
      const schemes = (document['components'] as { securitySchemes: Record<string, object> }).securitySchemes;
      for (const { operation } of described()) for (const need of operation['security'] as object[]) for (const name of Object.keys(need)) expect(schemes).toHaveProperty(name);
    });
  });

  describe('/docs', () => {
    /** The page as a browser loads it: redirects followed, links resolved against where it ended up. */
    const load = async () => {
      const response = await fetch(`${api.url}/docs`);
      const html = await response.text();
      const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => new URL(link!, response.url));
      return { response, html, links };
    };

    it('is a page whose scripts, styles and icons are all there', async () => {
      const { response, links } = await load();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(links.length).toBeGreaterThanOrEqual(4);
      for (const link of links) {
        const asset = await fetch(link);
        expect([asset.status, link.origin], link.href).toEqual([200, api.url]);
        expect(asset.headers.get('content-type'), link.href).not.toMatch(/html/);
        await asset.body?.cancel();
      }
    });

    it('has a policy that lets its own scripts and styles run and nobody else\'s', async () => {
      const { response, html } = await load();
      const policy = Object.fromEntries(
        response.headers.get('content-security-policy')!.split(';').map((part) => {
          const [name, ...values] = part.trim().split(/\s+/);
          return [name, values];
        }),
      ) as Record<string, string[]>;
      expect(policy['script-src']).toEqual(["'self'"]);
      // Inline scripts would not run under it, so there must be none; inline styles are there and allowed.
      expect([...html.matchAll(/<script(?![^>]*\bsrc=)/g)]).toEqual([]);
      expect([...html.matchAll(/\son\w+=/g)]).toEqual([]);
      expect(policy['style-src']).toContain("'unsafe-inline'");
      expect(policy['img-src']).toContain('data:');
      expect(policy['connect-src'] ?? policy['default-src']).toEqual(["'self'"]);
      expect(policy).not.toHaveProperty('upgrade-insecure-requests');
    });

    it('shows the description of this server, and calls it under the name it was opened with', async () => {
      const { links } = await load();
      const init = await (await fetch(links.find(({ pathname }) => pathname.endsWith('swagger-ui-init.js'))!)).text();
      expect(init).toMatch(/"url":\s*"\/openapi\.json"/);
    });

    it('does not keep a key that was typed in', async () => {
      const { links } = await load();
      const init = await (await fetch(links.find(({ pathname }) => pathname.endsWith('swagger-ui-init.js'))!)).text();
      expect(init).toMatch(/"persistAuthorization":\s*false/);
    });

    it('takes GET and HEAD only', async () => {
      const { status, headers, body }: Reply = await send(api, 'POST', '/docs/');
      expect([status, headers.get('allow'), body.code]).toEqual([405, 'GET, HEAD', 'method_not_allowed']);
    });
  });

  it('/problems explains every code, where the `type` of a problem points', async () => {
    const { text, headers } = await send(api, 'GET', '/problems');
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    const listed = [...text.matchAll(/<tr id="(\w+)"><td><code>\w+<\/code><\/td><td>(\d+)<\/td>/g)].map(([, code, status]) => [code, Number(status)]);
    expect(listed).toEqual(Object.entries(refusals).map(([code, [status]]) => [code, status]));
    const { body } = await send(api, 'GET', '/v1/project/list');
    expect(text).toContain(`id="${new URL(body.type as string, api.url).hash.slice(1)}"`);
  });
});
