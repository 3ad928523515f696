import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConnectionError, VergeAI, type Fetch } from '@vergeai/sdk';
import { eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { createWorker, type JobInfo } from '../src/index.js';

const PAGE = 'https://app.example.com';

/** What a browser does for a page of PAGE: asks first, and says nothing of why it may not. */
const browserFetch: Fetch = async (url, init) => {
  const asked = await fetch(url, {
    method: 'OPTIONS',
    headers: { Origin: PAGE, 'Access-Control-Request-Method': init.method ?? 'GET', 'Access-Control-Request-Headers': 'authorization' },
  });
  if (![PAGE, '*'].includes(asked.headers.get('access-control-allow-origin') ?? '')) throw new TypeError('Failed to fetch');
  return fetch(url, init);
};

/** Runs a worker in a page of PAGE until `done`; gives what `onError` heard. */
async function heardIn(url: string, done: (heard: readonly unknown[]) => boolean, more: { fetch?: Fetch; log?: (line: string) => void } = {}) {
  const heard: [error: unknown, job?: JobInfo][] = [];
  const worker = createWorker({
    client: new VergeAI({ apiKey: 'device-key', baseUrl: url, fetch: more.fetch ?? browserFetch }),
    projectId: 'f'.repeat(32),
    train: ({ model }) => ({ model }),
    onError: (error, job) => heard.push(job ? [error, job] : [error]),
    log: more.log,
  });
  const run = worker.run().catch((error: unknown) => error);
  await eventually('the worker has met what it should', () => done(heard));
  await worker.stop();
  return { heard, outcome: await run };
}

let closed: RunningServer;
let open: RunningServer;
beforeAll(async () => {
  [closed, open] = await Promise.all([startServer(), startServer({ env: { CORS_ORIGINS: PAGE } })]);
});
afterAll(() => Promise.all([closed.stop(), open.stop()]));
afterEach(() => void vi.unstubAllGlobals());

describe('a worker in a browser', () => {
  it('hears within 5 s, once, that its origin may be missing in CORS_ORIGINS', async () => {
    vi.stubGlobal('location', { origin: PAGE });
    const begun = performance.now();
    let failures = 0;
    let heardAfter = Infinity;
    const { heard } = await heardIn(
      closed.url,
      (told) => {
        if (told.length > 0) heardAfter = Math.min(heardAfter, performance.now() - begun);
        return failures >= 2;
      },
      { log: () => failures++ },
    );
    expect(heard).toEqual([[expect.any(ConnectionError)]]);
    expect(String(heard[0]![0])).toBe(
      `ConnectionError: GET ${closed.url}/v1/device/next_job/${'f'.repeat(32)}: Failed to fetch. Is the server running, and is this origin in CORS_ORIGINS? This page is at ${PAGE}, and that setting of the server says whose pages may call it.`,
    );
    expect(heardAfter).toBeLessThan(5000);
  });

  it('hears nothing of it where its origin is in CORS_ORIGINS', async () => {
    vi.stubGlobal('location', { origin: PAGE });
    let over = false;
    const watching: Fetch = async (url, init) => {
      const response = await browserFetch(url, init);
      over = true;
      return response;
    };
    const { heard, outcome } = await heardIn(open.url, () => over, { fetch: watching });
    expect(heard).toEqual([]);
    expect(outcome).toMatchObject({ code: 'key_invalid' });
  });
});

it('a worker elsewhere hears, once, that nobody is at the address', async () => {
  let failures = 0;
  const { heard } = await heardIn('http://127.0.0.1:9', () => failures >= 2, { fetch: (url, init) => fetch(url, init), log: () => failures++ });
  expect(heard).toHaveLength(1);
  expect(String(heard[0]![0])).toMatch(/http:\/\/127\.0\.0\.1:9\/v1\/device\/next_job.*(ECONNREFUSED|bad port).*/);
});
