import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually, faultServer, json, problem, silence } from '@vergeai/testkit';
import { ConnectionError, TimeoutError, VergeAI } from '../src/index.js';

const apiKey = 'test-key-0123456789';
const client = (baseUrl: string) => new VergeAI({ apiKey, baseUrl });

describe('a timeout', () => {
  afterEach(() => void vi.useRealTimers());

  it('ends an attempt that hears nothing', async () => {
    await using server = await faultServer(silence);
    const call = client(server.url).Project.list({}, { timeoutMs: 30, maxRetries: 0 });
    await expect(call).rejects.toThrow(new TimeoutError(`GET ${server.url}/v1/project/list: nothing moved for 30 ms.`));
  });

  it('ends an attempt whose body stalls', async () => {
    await using server = await faultServer((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'));
    const call = client(server.url).Project.list({}, { timeoutMs: 50, maxRetries: 0 });
    await expect(call).rejects.toThrow(TimeoutError);
    await eventually('the connection is closed', () => server.underWay() === 0);
  });

  it('is prolonged by what a long poll asks to wait', async () => {
    let answer: (() => void) | undefined;
    await using server = await faultServer((_, response) => void (answer = () => response.writeHead(204).end()));
    const wait = () => client(server.url).Device.next_job({ project_id: 'p', wait: 20 }, { timeoutMs: 100, maxRetries: 0 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answered = wait();
    await eventually('it waits', () => answer);
    vi.advanceTimersByTime(20_099);
    answer!();
    expect(await answered).toEqual({ statusCode: 200, body: {} });

    const tired = wait().catch((error: unknown) => error);
    await eventually('it waits', () => server.seen.length === 2);
    vi.advanceTimersByTime(20_101);
    expect(await tired).toBeInstanceOf(TimeoutError);
  });
});

describe('an aborted signal', () => {
  it('rejects with its reason and closes the connection', async () => {
    await using server = await faultServer(silence);
    const abort = new AbortController();
    const call = client(server.url).Project.list({}, { signal: abort.signal });
    await eventually('it has been sent', () => server.seen.length === 1);
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await eventually('the connection is closed', () => server.underWay() === 0);
  });

  it('ends the wait between attempts', async () => {
    await using server = await faultServer(problem(503, 'busy', {}, { 'retry-after': '30' }));
    const reason = new Error('enough');
    const abort = new AbortController();
    const call = client(server.url).Project.list({}, { signal: abort.signal });
    const outcome = call.catch((error: unknown) => error);
    await eventually('the first attempt was answered', () => server.seen.length === 1);
    abort.abort(reason);
    expect(await outcome).toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it('sends nothing when it was aborted before', async () => {
    await using server = await faultServer(json(200, {}));
    await expect(client(server.url).Project.list({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.seen).toHaveLength(0);
  });

  it('keeps no listener and no timer after the call', async () => {
    await using server = await faultServer(json(200, { data: [], next_cursor: null }));
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const set = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    for (let i = 0; i < 5; i++) await client(server.url).Project.list({}, { signal, timeoutMs: 54_321 });
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(added.mock.calls.map(([, listener]) => listener));
    const timers = set.mock.results.filter((_, i) => set.mock.calls[i]?.[1] === 54_321).map(({ value }) => value as unknown);
    const clearings = cleared.mock.calls.map(([timer]) => timer as unknown);
    vi.restoreAllMocks();
    expect(timers.length).toBeGreaterThanOrEqual(5);
    expect(timers.filter((timer) => !clearings.includes(timer))).toEqual([]);
  });
});

describe('no server at all', () => {
  it('is a ConnectionError that says where and why', async () => {
    const server = await faultServer(silence);
    await server[Symbol.asyncDispose]();
    const error = await client(server.url).Project.list({}, { maxRetries: 0 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(String(error)).toMatch(/GET http:\/\/127\.0\.0\.1:\d+\/v1\/project\/list: .*ECONNREFUSED.* Is the server running, and is this its address\? Set `baseUrl` or VERGEAI_BASE_URL\./);
  });
});
