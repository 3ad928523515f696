import { operations, transferRoutes } from '@vergeai/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { implementations } from '../../dist/features/index.js';
import { implementedContract } from '../../dist/http/register.js';
import { newProject, send, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/uploads.js';

const registered = [
  ...operations(implementedContract(implementations)).map(({ route }) => route),
  ...Object.values(transferRoutes),
  ...['/livez', '/readyz', '/metrics', '/openapi.json', '/problems'].map((path) => ({ method: 'GET', path })),
];
const paths = [...new Set(registered.map(({ path }) => path))];
const methodsOf = (path: string) => registered.filter((route) => route.path === path).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
const filled = (path: string) => path.replace(/:\w+/g, '0'.repeat(32));

describe('methods and paths', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi('sqlite');
  });
  afterAll(() => api.close());

  it.each(paths)('%s answers 405 with Allow to every method that it does not take', async (path) => {
    const allow = methodsOf(path).join(', ');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((each) => !methodsOf(path).includes(each))) {
      const reply = await send(api, method, filled(path), { key: api.adminKey });
      expectProblem(reply, 405, 'method_not_allowed');
      expect(reply.headers.get('allow'), method).toBe(allow);
    }
  });

  it.each(['/', '/v1', '/v1/experiment', '/v1/experiment/nonsense', '/v2/project/list', '/v1/project/get', '/favicon.ico', '/__proto__', '/docs/../package.json', '/.env'])(
    '%s is 404 route_not_found for every method',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) expectProblem(await send(api, method, path, { key: api.adminKey }), 404, 'route_not_found');
    },
  );

  it('never shows the package file of the page that shows the API', async () => {
    for (const path of ['/docs/package.json', '/docs/x/package.json']) expectProblem(await send(api, 'GET', path), 404, 'route_not_found');
  });

  it('HEAD gets the status and headers of GET without the body', async () => {
    const project = await newProject(api);
    for (const path of ['/livez', '/openapi.json', `/v1/project/get/${project}`, `/v1/project/get/${'0'.repeat(32)}`]) {
      const get = await send(api, 'GET', path, { key: api.adminKey });
      const head = await send(api, 'HEAD', path, { key: api.adminKey });
      expect([head.status, head.headers.get('content-type'), head.text]).toEqual([get.status, get.headers.get('content-type'), '']);
    }
  });

  it.each([
    ['a shorter id', '0'.repeat(31)],
    ['an upper-case id', 'A'.repeat(32)],
    ['an id with a line feed', `${'0'.repeat(32)}%0A`],
    ['a path out of its folder', '..%2f..%2fetc%2fpasswd'],
    ['NUL', '%00'],
    ['a prototype', '__proto__'],
  ])('%s in the place of an id is 400 before anything is looked up', async (_, id) => {
    const reply = await send(api, 'GET', `/v1/project/get/${id}`, { key: api.adminKey });
    expectProblem(reply, 400, 'invalid_request');
    expect(reply.body.errors).toEqual([{ path: '/path/project_id', message: 'must be 32 lowercase hexadecimal characters' }]);
  });

  it.each(['%', '%zz', '%c0%af', '%ff'])('the broken percent-encoding %s is 400', async (id) => {
    expectProblem(await send(api, 'GET', `/v1/project/get/${id}`, { key: api.adminKey }), 400, 'invalid_request');
  });
});
