import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultServer, html, json, problem, reset, silence, type FaultServer } from '@vergeai/testkit';
import { APIError, AuthenticationError, ConnectionError, RateLimited, ServerError, TimeoutError, VergeAI, type Fetch } from '../src/index.js';
import { isPassing, withRetries } from '../src/retry.js';

const project_id = '0'.repeat(32);
const apiKey = 'test-key-0123456789';
const created = json(200, { ID: '1'.repeat(32) });
const client = (server: FaultServer) => new VergeAI({ apiKey, baseUrl: server.url });
const keys = (server: FaultServer) => new Set(server.seen.map((request) => request.headers['idempotency-key']));

describe('a request that failed for a passing reason', () => {
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['a reset connection', reset],
    ["a proxy's 502", html(502)],
    ["a proxy's 504", html(504)],
  ])('is repeated with the same idempotency key after %s', async (_, fault) => {
    await using server = await faultServer(fault, fault, created);
    const answer = await client(server).Experiment.create({ project_id });
    expect(answer).toEqual({ statusCode: 204, body: { ID: '1'.repeat(32) } });
    expect(server.seen).toHaveLength(3);
    expect(keys(server).size).toBe(1);
    expect([...keys(server)][0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(server.seen.map((request) => request.body.toString()))).toEqual(new Set([JSON.stringify({ project_id })]));
  });

  it('is repeated when the answer breaks off', async () => {
    let breakOff: (() => void) | undefined;
    await using server = await faultServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"ID":');
      breakOff = () => response.destroy();
    }, created);
    const begun: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      breakOff?.();
      breakOff = undefined;
      return response;
    };
    expect((await new VergeAI({ apiKey, baseUrl: server.url, fetch: begun }).Experiment.create({ project_id })).statusCode).toBe(204);
    expect(server.seen).toHaveLength(2);
  });

  it('is repeated when nothing came in time', async () => {
    await using server = await faultServer(silence, created);
    await client(server).Experiment.create({ project_id }, { timeoutMs: 2000 });
    expect(server.seen).toHaveLength(2);
  });

  it('is given up after maxRetries, with the last error', async () => {
    await using server = await faultServer(problem(503, 'busy'));
    const call = client(server).Project.list({}, { maxRetries: 2 });
    await expect(call).rejects.toThrow(ServerError);
    expect(server.seen).toHaveLength(3);
  });

  it('carries the idempotency key the caller chose, and a new one in each call', async () => {
    await using server = await faultServer(created);
    await client(server).Experiment.create({ project_id }, { idempotencyKey: 'mine' });
    await client(server).Experiment.create({ project_id });
    await client(server).Experiment.create({ project_id });
    expect(server.seen[0]?.headers['idempotency-key']).toBe('mine');
    expect(keys(server).size).toBe(3);
  });
});

describe('a request that failed for good is sent once', () => {
  it.each([
    ['500', problem(500, 'internal_error')],
    ['400', problem(400, 'start_model_missing')],
    ['409 for another reason', problem(409, 'job_closed')],
    ['507', problem(507, 'storage_full')],
  ])('after %s', async (_, fault) => {
    await using server = await faultServer(fault);
    await expect(client(server).Experiment.create({ project_id })).rejects.toThrow(APIError);
    expect(server.seen).toHaveLength(1);
  });

  it('when the server asks for more than a minute, telling how long', async () => {
    await using server = await faultServer(problem(429, 'rate_limited', {}, { 'retry-after': '3600' }));
    const error = await client(server).Project.list().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(server.seen).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('in %s is waited for', async (_, value) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await using server = await faultServer((request, response, raw) => problem(503, 'busy', {}, { 'retry-after': value() })(request, response, raw), created);
    const start = performance.now();
    await client(server).Experiment.create({ project_id });
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('backoff', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('grows exponentially up to ten seconds, each wait drawn from the whole of its interval', async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const at: number[] = [];
    const start = Date.now();
    const run = withRetries({ maxRetries: 7 }, async () => {
      at.push(Date.now() - start);
      throw new ConnectionError('gone');
    });
    run.catch(() => {});
    await vi.runAllTimersAsync();
    await expect(run).rejects.toThrow('gone');
    expect(at.slice(1).map((time, i) => time - at[i]!)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes only what may pass for passing', () => {
    expect(isPassing(new ConnectionError('x'))).toBe(true);
    expect(isPassing(new TimeoutError('x'))).toBe(true);
    expect(isPassing(new AuthenticationError({ statusCode: 401, detail: 'x' }))).toBe(false);
    expect(isPassing(new TypeError('a bug'))).toBe(false);
  });
});
