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
      for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds', 'vergeai_start_time_seconds', 'vergeai_event_streams']) expect(text).toMatch(new RegExp(`^${name} [\\d.e+-]+$`, 'm'));
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

  it('/docs says where to read instead, on a server without pages', async () => {
    const { status, headers, text } = await send(api, 'GET', '/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, link]) => new URL(link!, `${api.url}/docs`));
    expect(links.map(({ pathname }) => pathname)).toEqual(['/openapi.json', '/llms.txt', '/problems']);
    for (const link of links) expect((await fetch(link)).status, link.href).toBe(200);
    expect(text).not.toMatch(/<script/);
  });

  it('/docs takes GET and HEAD only', async () => {
    const { status, headers, body }: Reply = await send(api, 'POST', '/docs');
    expect([status, headers.get('allow'), body.code]).toEqual([405, 'GET, HEAD', 'method_not_allowed']);
    expect((await send(api, 'HEAD', '/docs')).status).toBe(200);
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
