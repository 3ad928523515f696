import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { readdir, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.js';
import type { Figure, Result } from '../result.js';
import { median } from '../statistics.js';

const dist = fileURLToPath(new URL('../../../cli/dist', import.meta.url));
const main = path.join(dist, 'main.js');

/** A log as long as a busy experiment's after months. */
const EVENTS = 100_000;
const PAGE = 200;

/** What is started, and what it may cost beside a bare Node. */
const starts = [
  { label: 'cli: verge --version', args: [main, '--version'], atMost: 1.3 },
  { label: 'cli: verge --help', args: [main, '--help'], atMost: 1.3 },
  { label: 'cli: completing a word', args: [main, 'complete', '--', 'exp'], atMost: 1.5 },
] as const;
const FIRST_REQUEST = { label: 'cli: until the first request is sent', args: [main, 'project', 'list', '--json'], atMost: 1.7 } as const;

/** How long the command line takes to start, beside a Node that does nothing, and how fast events go through it. */
export async function cli(options: Options): Promise<Result[]> {
  const server = await standIn();
  const rounds: number[][] = [];
  for (let round = 0; round < options.rounds; round++) {
    const bare = await run(['-e', '0'], server.url);
    const measured = [bare];
    for (const { args } of starts) measured.push(await run(args, server.url));
    const startedAt = performance.now();
    const asked = server.nextRequest();
    const ended = run(FIRST_REQUEST.args, server.url);
    measured.push((await asked) - startedAt);
    await ended;
    rounds.push(measured);
  }
  const eventsMs = await run([main, 'events', '--jsonl', '--project', '0'.repeat(32), '--experiment', '1'.repeat(32)], server.url);
  const bytes = await bundleBytes();
  await server.stop();

  const figures = [...starts, FIRST_REQUEST].map(({ label, atMost }, at): Figure => ({
    label: `${label}, ms`,
    bare: median(rounds.map(([bare]) => bare!)).toFixed(0),
    ours: median(rounds.map((round) => round[at + 1]!)).toFixed(0),
    value: median(rounds.map((round) => round[at + 1]! / round[0]!)),
    isRatio: true,
    goal: { atMost },
  }));
  const eventsPerSecond = (EVENTS / eventsMs) * 1000;
  figures.push(
    { label: `cli: events --jsonl of ${EVENTS}, per second`, ours: eventsPerSecond.toFixed(0), value: eventsPerSecond, isRatio: false, goal: { atLeast: 20_000 } },
    { label: 'cli: all that is shipped of it, KB', ours: (bytes / 1000).toFixed(0), value: bytes / 1000, goal: { atMost: 250 } },
  );
  return [{ name: 'cli', what: 'the built command line, a process each, against the same Node with nothing to do', figures, rounds }];
}

/** Milliseconds from spawning until it has ended. */
function run(args: readonly string[], url: string): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env['PATH'], HOME: '/nonexistent', VERGEAI_BASE_URL: url, VERGEAI_API_KEY: 'bench' } });
    child.once('error', reject).once('exit', (code) => (code === 0 ? resolve(performance.now() - startedAt) : reject(new Error(`${args.join(' ')} ended with ${code}.`))));
  });
}

/** Answers what the commands ask for, in this process: it is not what is measured. */
async function standIn() {
  let heard: (at: number) => void = () => {};
  const server = createServer((request, response) => {
    heard(performance.now());
    const url = new URL(request.url!, 'http://localhost');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(url.pathname.startsWith('/v1/experiment/events') ? eventPage(Number(url.searchParams.get('after') ?? 0)) : { data: [], next_cursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextRequest: () => new Promise<number>((resolve) => (heard = resolve)),
    stop: () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

function eventPage(after: number) {
  const data = Array.from({ length: Math.min(PAGE, EVENTS - after) }, (_, at) => ({
    sequence: after + at + 1,
    type: 'model_update_submitted',
    job_id: '2'.repeat(32),
    device_id: '3'.repeat(32),
    actor_id: '3'.repeat(32),
    key_id: 'k'.repeat(16),
    data: { size: 403_693, sha256: 'f'.repeat(64), num_examples: 2745, metrics: { loss: 0.139 } },
    created_at: '2026-03-01T12:00:10.000Z',
  }));
  return { data, next_after: after + data.length < EVENTS ? after + data.length : null };
}

/** What runs; the source maps are for those who look for a fault. */
async function bundleBytes(): Promise<number> {
  const files = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith('.js'));
  return (await Promise.all(files.map(async (name) => (await stat(path.join(dist, name))).size))).reduce((sum, size) => sum + size, 0);
}
