import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { faultServer, json } from '@vergeai/testkit';
import { VergeAI, VergeAIError, type EventEntry } from '../src/index.js';

const apiKey = 'test-key-0123456789';

afterEach(() => void vi.unstubAllEnvs());

describe('settings', () => {
  it('come from the environment when they are left out', async () => {
    await using server = await faultServer(json(200, { data: [], next_cursor: null }));
    vi.stubEnv('VERGEAI_API_KEY', 'from-the-environment');
    vi.stubEnv('VERGEAI_BASE_URL', `${server.url}/`);
    const vergeai = new VergeAI();
    await vergeai.Project.list();
    expect(vergeai.baseUrl).toBe(server.url);
    expect(server.seen[0]?.headers.authorization).toBe('Bearer from-the-environment');
  });

  it('default to a local server', () => {
    vi.stubEnv('VERGEAI_BASE_URL', '');
    expect(new VergeAI({ apiKey }).baseUrl).toBe('http://localhost:3000');
  });

  it.each([
    ['no key', { apiKey: '' }],
    ['no URL', { apiKey, baseUrl: 'localhost' }],
    ['another protocol', { apiKey, baseUrl: 'ftp://localhost' }],
    ['a user in the URL', { apiKey, baseUrl: 'http://user:secret@localhost' }],
    ['a timeout of nothing', { apiKey, timeoutMs: 0 }],
    ['an endless timeout', { apiKey, timeoutMs: Infinity }],
    ['half a retry', { apiKey, maxRetries: 0.5 }],
  ])('refuse %s', (_, options) => {
    expect(() => new VergeAI(options)).toThrow(VergeAIError);
  });

  it('may bring their own fetch and headers', async () => {
    const calls: [string, RequestInit][] = [];
    const fetch = async (url: string, init: RequestInit) => {
      calls.push([url, init]);
      return Response.json({ data: [], next_cursor: null });
    };
    const vergeai = new VergeAI({ apiKey, baseUrl: 'https://api.example.com/base/', fetch, headers: { traceparent: 'a' } });
    await vergeai.Project.list({ limit: 5 }, { headers: { 'x-mine': 'b' } });
    expect(calls[0]?.[0]).toBe('https://api.example.com/base/v1/project/list?limit=5');
    expect(Object.fromEntries(new Headers(calls[0]![1].headers))).toMatchObject({ traceparent: 'a', 'x-mine': 'b' });
  });
});

describe('a call', () => {
  it('splits one object into path, query and body', async () => {
    await using server = await faultServer(json(200, { data: [], next_cursor: null }));
    const vergeai = new VergeAI({ apiKey, baseUrl: server.url });
    await vergeai.Job.list({ project_id: 'p', experiment_id: 'e', limit: 5, status: 'FAILED', cursor: undefined });
    await vergeai.Job.cancel({ project_id: 'p', job_id: 'j' });
    expect(server.seen.map(({ method, url, body }) => [method, url, body.toString()])).toEqual([
      ['GET', '/v1/job/list/p/e?limit=5&status=FAILED', ''],
      ['POST', '/v1/job/cancel', '{"project_id":"p","job_id":"j"}'],
    ]);
    expect(server.seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('sends no body when there is no input', async () => {
    await using server = await faultServer(json(200, { key: 'k' }));
    await new VergeAI({ apiKey, baseUrl: server.url }).APIKey.create();
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/v1/auth/create' });
    expect(server.seen[0]?.headers['content-type']).toBeUndefined();
  });
});

describe('a list', () => {
  const entries = (...ids: string[]) => ids.map((project_id) => ({ project_id }));

  it('is one page when awaited and every page when iterated', async () => {
    await using server = await faultServer(
      json(200, { data: entries('a', 'b'), next_cursor: 'n1' }),
      json(200, { data: [], next_cursor: 'n2' }),
      json(200, { data: entries('c'), next_cursor: null }),
    );
    const list = new VergeAI({ apiKey, baseUrl: server.url }).Project.list({ limit: 2 });
    const seen: string[] = [];
    for await (const project of list) seen.push(project.project_id);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect((await list).body.data).toEqual(entries('a', 'b'));
    expect(server.seen.map((request) => request.url)).toEqual(['', '&cursor=n1', '&cursor=n2'].map((more) => `/v1/project/list?limit=2${more}`));
  });

  it('follows the event log by its own cursor', async () => {
    await using server = await faultServer(
      json(200, { data: [{ sequence: 1 }], next_after: 1 }),
      json(200, { data: [{ sequence: 2 }], next_after: null }),
    );
    const seen: number[] = [];
    for await (const event of new VergeAI({ apiKey, baseUrl: server.url }).Experiment.events({ project_id: 'p', experiment_id: 'e' })) seen.push(event.sequence);
    expect(seen).toEqual([1, 2]);
    expect(server.seen[1]?.url).toBe('/v1/experiment/events/p/e?after=1');
  });

  it('goes back through the event log from its end, with everything else as it was', async () => {
    await using server = await faultServer(
      json(200, { data: [{ sequence: 9 }], next_after: null, next_before: 9 }),
      json(200, { data: [{ sequence: 4 }], next_after: null, next_before: null }),
    );
    const seen: number[] = [];
    for await (const event of new VergeAI({ apiKey, baseUrl: server.url }).Experiment.events({ project_id: 'p', experiment_id: 'e', order: 'desc', types: 'job_failed' })) seen.push(event.sequence);
    expect(seen).toEqual([9, 4]);
    expect(server.seen[1]?.url).toBe('/v1/experiment/events/p/e?order=desc&types=job_failed&before=9');
  });

  it('reads every type of event, and passes on what a newer server writes', async () => {
    const { events } = JSON.parse(await readFile(new URL('../../contract/fixtures/events.json', import.meta.url), 'utf8')) as { events: EventEntry[] };
    const newer = { ...events[0]!, type: 'job_paused', data: { until: null } };
    await using server = await faultServer(json(200, { data: [...events, newer], next_after: null }));
    const told: string[] = [];
    for await (const event of new VergeAI({ apiKey, baseUrl: server.url }).Experiment.events({ project_id: 'p', experiment_id: 'e' })) {
      if (event.type === 'model_update_submitted') told.push(`${event.device_id} ${event.data.num_examples} ${event.data.metrics['loss']}`);
      else if (event.type === 'job_failed') told.push(`${event.job_id} ${event.data.reason}`);
      else if (event.type === newer.type) told.push(`${event.type} ${JSON.stringify(event.data)}`);
    }
    expect(told).toEqual([
      'd41d8cd98f00b204e9800998ecf8427e 512 0.25',
      '7d8c9b0a1f2e4d3c8b7a695847362514 aggregation failed 5 times',
      'job_paused {"until":null}',
    ]);
  });

  it('stops asking when the caller stops reading, and at a page that leads to itself', async () => {
    await using server = await faultServer(json(200, { data: entries('a'), next_cursor: 'same' }));
    const { Project } = new VergeAI({ apiKey, baseUrl: server.url });
    for await (const _ of Project.list()) break;
    expect(server.seen).toHaveLength(1);
    const all = async () => {
      for await (const _ of Project.list());
    };
    await expect(all()).rejects.toThrow('a page that leads to itself');
  });
});
