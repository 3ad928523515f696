import { operations, transferRoutes } from '@vergeai/contract';
import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { implementations } from '../../src/features/index.js';
import { implementedContract } from '../../src/http/register.js';
import { newProject, startApi, type Reply, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/uploads.js';

const registered = [
  ...operations(implementedContract(implementations)).map(({ route }) => route),
  ...Object.values(transferRoutes),
  ...['/livez', '/readyz', '/metrics', '/openapi.json', '/llms.txt', '/problems'].map((path) => ({ method: 'GET', path })),
];
const paths = [...new Set(registered.map(({ path }) => path))];
const methodsOf = (path: string) => registered.filter((route) => route.path === path).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
const filled = (path: string) => path.replace(/:\w+/g, '0'.repeat(32));

describe('methods and paths', () => {
  let api: TestApi;
  let app: Express;
  beforeAll(async () => {
    api = await startApi('sqlite');
    app = createApp(api.ctx, api);
  });
  afterAll(() => api.close());

  async function ask(method: string, path: string): Promise<Reply> {
    const { status, headers, text, body } = await request(app)[method.toLowerCase() as 'get'](path).set('Authorization', api.adminKey);
    // There is no text, whatever its type says, where there is no body.
    return { status, headers: new Headers(headers), text: text ?? '', body };
  }

  it.each(paths)('%s answers 405 with Allow to every method that it does not take', async (path) => {
    const allow = methodsOf(path).join(', ');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((each) => !methodsOf(path).includes(each))) {
      const reply = await ask(method, filled(path));
      expectProblem(reply, 405, 'method_not_allowed');
      expect(reply.headers.get('allow'), method).toBe(allow);
    }
  });

  it.each(['/v1', '/v1/experiment', '/v1/experiment/nonsense', '/v2/project/list', '/v1/project/get', '/favicon.ico', '/__proto__', '/package.json', '/.env'])(
    '%s is 404 route_not_found for every method',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) expectProblem(await ask(method, path), 404, 'route_not_found');
    },
  );

  it('never shows the package file of the page that shows the API', async () => {
    for (const path of ['/docs/package.json', '/docs/x/package.json', '/docs/../package.json']) expectProblem(await ask('GET', path), 404, 'route_not_found');
  });

  it('HEAD gets the status and headers of GET without the body', async () => {
    const project = await newProject(api);
    for (const path of ['/livez', '/openapi.json', `/v1/project/get/${project}`, `/v1/project/get/${'0'.repeat(32)}`]) {
      const get = await ask('GET', path);
      const head = await ask('HEAD', path);
      expect([head.status, head.headers.get('content-type'), head.text]).toEqual([get.status, get.headers.get('content-type'), '']);
    }
  });

  it('upper case and a slash at the end change nothing about a path, and two slashes do', async () => {
    const project = await newProject(api);
    const plain = await ask('GET', `/v1/project/get/${project}`);
    expect(plain.status).toBe(200);
    for (const path of [`/V1/Project/GET/${project}`, `/v1/project/get/${project}/`, `/v1/project/get/${project}?x=/v1/user/list`]) {
      expect((await ask('GET', path)).body, path).toEqual(plain.body);
      expectProblem(await ask('POST', path), 405, 'method_not_allowed');
    }
    expect((await ask('GET', '/v1/project/list/')).status).toBe(200);
    for (const path of [`/v1//project/get/${project}`, `/v1/project//get/${project}`, `//v1/project/get/${project}`, `/v1/project/get/${project}/more`, '/v1/project/list//', '/v1/upload/more'])
      expectProblem(await ask('GET', path), 404, 'route_not_found');
  });

  it.each([
    ['a shorter id', '0'.repeat(31)],
    ['an upper-case id', 'A'.repeat(32)],
    ['an id with a line feed', `${'0'.repeat(32)}%0A`],
    ['a path out of its folder', '..%2f..%2fetc%2fpasswd'],
    ['NUL', '%00'],
    ['a prototype', '__proto__'],
  ])('%s in the place of an id is 400 before anything is looked up', async (_, id) => {
    const reply = await ask('GET', `/v1/project/get/${id}`);
    expectProblem(reply, 400, 'invalid_request');
    expect(reply.body.errors).toEqual([{ path: '/path/project_id', message: 'must be 32 lowercase hexadecimal characters' }]);
  });

  it.each(['%', '%zz', '%c0%af', '%ff'])('the broken percent-encoding %s is 400', async (id) => {
    expectProblem(await ask('GET', `/v1/project/get/${id}`), 400, 'invalid_request');
  });
});
