import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { refusals } from '../../src/refusal.js';
import { databases } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';
import { Chance } from './chance.js';
import { checkDatabase } from './check-database.js';
import { nextRequest, type FuzzRequest } from './requests.js';
import { newAgent, sendFuzz, type FuzzReply } from './send-fuzz.js';
import { fillSlots } from './slots.js';

const AT_ONCE = 32;
/** Long enough for a machine that is busy with other tests. */
const GENEROUS_MS = 60_000;

const requests = { sqlite: Number(process.env['FUZZ_REQUESTS'] ?? 20_000), postgresql: Number(process.env['FUZZ_REQUESTS'] ?? 2_000) };

const codes: Readonly<Record<string, readonly [number, string]>> = refusals;

/** What is wrong with an answer, if anything. */
function fault(fuzz: FuzzRequest, reply: FuzzReply, secrets: readonly string[]): string | undefined {
  const { status, headers, text } = reply;
  if (status >= 500 && status !== 503 && status !== 507) return `status ${status}`;
  if (!headers['x-request-id']) return 'no X-Request-Id';
  if (/node_modules|at [\w.<>]+ \(|file:\/\/\/(?!etc\/passwd)|SQLITE|Prisma/.test(text) && !headers['content-type']?.startsWith('text/html')) return 'tells of our insides';
  if (status >= 400 && secrets.some((secret) => text.includes(secret))) return 'repeats a secret';
  if (status < 400 || fuzz.method === 'HEAD') return undefined;
  if (!headers['content-type']?.startsWith('application/problem+json')) return `content type ${headers['content-type']}`;
  const problem = JSON.parse(text) as Record<string, unknown>;
  if (codes[problem['code'] as string]?.[0] !== status || problem['status'] !== status) return `code ${String(problem['code'])} with status ${status}`;
  if (problem['request_id'] !== headers['x-request-id']) return `request_id ${String(problem['request_id'])}`;
  if (status === 503 && !headers['retry-after']) return 'a 503 without Retry-After';
  return undefined;
}

describe.each(databases)('%s under fire', (database) => {
  let server: RunningServer;
  let dataDir: string;
  let databaseUrl: string | undefined;
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-fuzz-'));
    databaseUrl = database === 'postgresql' ? await createDatabase(inject('postgresUrl')) : undefined;
    server = await startServer({
      dataDir,
      env: {
        LOG_LEVEL: 'error',
        MAX_JSON_MODEL_BYTES: '1000000',
        DATABASE_ALLOW_UNSAFE_FSYNC: '1',
        ...(databaseUrl && { DATABASE_URL: databaseUrl }),
      },
    });
  });
  afterAll(async () => {
    await server.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  it(`answers ${requests[database]} valid, spoiled and hostile requests, each with its result or a problem`, { timeout: 1_800_000 }, async () => {
    const seed = testSeed(`fuzz on ${database}`);
    const slots = await fillSlots(server);
    const secrets = [...slots.userKeys, ...slots.deviceKeys];
    const agent = newAgent();
    const url = new URL(server.url);
    const faults: string[] = [];
    const statuses: Record<string, number> = {};
    let slowest = { ms: 0, about: '' };
    let next = 0;

    const client = async () => {
      while (next < requests[database] && faults.length < 20) {
        const number = next++;
        // A request follows from the seed and its number alone, whatever the others do.
        const fuzz = nextRequest(new Chance(seed + number * 0x9e37_79b1), slots);
        const told = `request ${number}: ${fuzz.about} ${fuzz.method} ${fuzz.path.slice(0, 200)} ${JSON.stringify(fuzz.headers).slice(0, 600)} ${String(fuzz.body ?? '').slice(0, 600)}`;
        try {
          const reply = await sendFuzz(agent, url, fuzz, GENEROUS_MS);
          const how = reply ? String(reply.status) : 'ended';
          statuses[how] = (statuses[how] ?? 0) + 1;
          if (!reply) continue;
          if (reply.ms > slowest.ms) slowest = { ms: reply.ms, about: told };
          const wrong = fault(fuzz, reply, secrets);
          if (wrong) faults.push(`${wrong}\n  ${told}\n  ${reply.text.slice(0, 400)}`);
        } catch (error) {
          faults.push(`${String(error)}\n  ${told}`);
        }
      }
    };
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    console.log(`${database}: ${next} requests in ${Math.round((performance.now() - startedAt) / 1000)} s`, statuses);
    console.log(`slowest: ${Math.round(slowest.ms)} ms, ${slowest.about.slice(0, 300)}`);
    agent.destroy();
    expect(faults.join('\n'), server.output().slice(-3000)).toBe('');
  });

  it('is still there afterwards, and ready', async () => {
    expect((await sendQuickly(server.url, 'GET', '/readyz')).status).toBe(200);
    expect((await sendQuickly(server.url, 'GET', '/v1/project/list', { key: server.key })).status).toBe(200);
  });

  it('logged no fault of its own', () => {
    expect(server.output().split('\n').filter((line) => /internal_error|request failed|at .*\.js:\d/.test(line))).toEqual([]);
  });

  it('leaves a database and blobs without a contradiction, and without a key', async () => {
    process.kill(server.pid, 'SIGTERM');
    expect(await server.exited).toBe(0);
    expect(await checkDatabase(dataDir, databaseUrl)).toEqual([]);
  });
});
