import { contract, routeTable } from '@vergeai/contract';
import { describe as suite, expect, expectTypeOf, it } from 'vitest';
import { faultServer, json, noContent } from '@vergeai/testkit';
import { describe, operations, VergeAI, VergeAIError, type InputOf, type OperationName } from '../src/index.js';

const apiKey = 'test-key-0123456789';
const experiment_id = 'e';
const project_id = 'p';

suite('the table of operations', () => {
  it('has every operation of the contract that answers, with all that is needed to call it', () => {
    const all = Object.entries(routeTable({ ...contract })).flatMap(([resource, routes]) => Object.entries(routes).map(([name, row]) => [`${resource}.${name}`, row] as const));
    const expected = all.filter(([, { streams }]) => streams !== 'only');
    expect(Object.entries(operations)).toMatchObject(expected);
    expect(operations['job.list']).toEqual({ method: 'GET', path: '/v1/job/list/:project_id/:experiment_id', params: ['project_id', 'experiment_id'], query: ['limit', 'cursor', 'status'], status: 200, paging: 'cursor' });
    expect(Object.keys(operations)).toHaveLength(expected.length);
  });

  it('is typed by name', () => {
    expectTypeOf<'experiment.create'>().toExtend<OperationName>();
    expectTypeOf<'experiment.destroy'>().not.toExtend<OperationName>();
    expectTypeOf<InputOf<'experiment.get'>>().toEqualTypeOf<{ project_id: string; experiment_id: string }>();
  });
});

suite('an operation called by its name', () => {
  it('is the method of that name, pages and all', async () => {
    await using server = await faultServer(json(200, { data: [1, 2], next_cursor: 'c' }), json(200, { data: [3], next_cursor: null }));
    const vergeai = new VergeAI({ apiKey, baseUrl: server.url });
    const seen: unknown[] = [];
    for await (const entry of vergeai.call('job.list', { project_id, experiment_id })) seen.push(entry);
    expect(seen).toEqual([1, 2, 3]);
    expect(server.seen.map(({ url }) => url)).toEqual(['/v1/job/list/p/e', '/v1/job/list/p/e?cursor=c']);
  });

  it.each(['experiment.destroy', 'experiment', 'toString', 'experiment.toString'])('is refused when it is %s', (name) => {
    const vergeai = new VergeAI({ apiKey });
    expect(() => vergeai.call(name as 'user.create')).toThrow(new VergeAIError(`There is no operation "${name}".`));
    expect(() => describe(name as 'user.create', {})).toThrow(VergeAIError);
  });
});

suite('a described request', () => {
  it('is the one that the call sends, but for the key', async () => {
    await using server = await faultServer(json(200, {}));
    const vergeai = new VergeAI({ apiKey, baseUrl: `${server.url}/`, headers: { 'x-secret': 'mine' } });
    const input = { project_id, experiment_id, num_devices: 4, termination_criteria: [{ type: 'DurationTerminationCriteria' as const, max_duration_sec: 0.5 }] };
    const described = vergeai.describe('job.create', input);
    await vergeai.Job.create(input);
    const [sent] = server.seen;
    expect(described).toEqual({
      method: 'POST',
      url: `${server.url}/v1/job/create`,
      headers: { accept: 'application/json', 'content-type': 'application/json', authorization: 'Bearer $VERGEAI_API_KEY' },
      body: sent!.body.toString(),
    });
    expect([sent!.method, sent!.headers['accept'], sent!.headers['content-type']]).toEqual(['POST', 'application/json', 'application/json']);
    expect(JSON.stringify(described)).not.toMatch(/test-key|mine/);
  });

  it('has what stands in path and query, and no body', () => {
    expect(describe('job.list', { project_id: 'a b', experiment_id, limit: 5, cursor: undefined, status: 'FAILED' }, { baseUrl: 'https://api.example.com/base/' })).toEqual({
      method: 'GET',
      url: 'https://api.example.com/base/v1/job/list/a%20b/e?limit=5&status=FAILED',
      headers: { accept: 'application/json', authorization: 'Bearer $VERGEAI_API_KEY' },
      body: undefined,
    });
    expect(describe('user.create', undefined)).toMatchObject({ url: 'http://localhost:3000/v1/user/create', body: undefined });
  });

  it('has a small model in it, and asks for the ticket of any other', async () => {
    const ids = { project_id, experiment_id };
    const body = (model: InputOf<'experiment.submit_start_model'>['model']) => describe('experiment.submit_start_model', { ...ids, model }).body;
    expect(body({ w: [[1, -0.5]] })).toBe('{"project_id":"p","experiment_id":"e","model":{"w":[[1,-0.5]]}}');
    expect(body('./model.safetensors')).toBe('{"project_id":"p","experiment_id":"e"}');
    await using server = await faultServer(noContent);
    await new VergeAI({ apiKey, baseUrl: server.url }).Experiment.submit_start_model({ ...ids, model: { w: [[1, -0.5]] } });
    expect(server.seen[0]!.body.toString()).toBe(body({ w: [[1, -0.5]] }));
  });

  it('refuses what the call refuses', () => {
    expect(() => describe('experiment.get', { project_id: '..', experiment_id })).toThrow('`project_id` is part of the path');
    expect(() => describe('experiment.create', { project_id, hyperparameters: { lr: NaN } })).toThrow('/hyperparameters/lr is NaN');
  });
});

suite('a query', () => {
  it('says lists as their entries and dates as their text', () => {
    const url = (status: unknown) => describe('job.list', { project_id, experiment_id, status: status as 'FAILED' }).url;
    expect(url(['FAILED', 'CANCELLED'])).toMatch(/\?status=FAILED&status=CANCELLED$/);
    expect(url(new Date(0))).toMatch(/\?status=1970-01-01T00%3A00%3A00.000Z$/);
    expect(url('a&b=c d')).toMatch(/\?status=a%26b%3Dc%20d$/);
  });
});
