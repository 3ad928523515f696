import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startNode, stopChild } from './children.js';

const script = fileURLToPath(new URL('../../api/dist/main.js', import.meta.url));
const KEY = 'benchmark-admin-key-0123456789abcdef-0123456789abcdef';
const GIVE_UP_MS = 30_000;

export interface ApiServer {
  readonly port: number;
  readonly key: string;
  readonly pid: number;
  /** From spawning it until GET /readyz was answered with 200. */
  readonly readyMs: number;
  /** A JSON request that must succeed. */
  call<T>(method: 'GET' | 'POST', pathname: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export interface ApiServerOptions {
  readonly dataDir: string;
  readonly profile?: string | undefined;
}

/**
 * Our server as it runs in production: as built, logging at its default level (to /dev/null), every setting at its
 * default but for the rate limits, which are off.
 */
export async function startApi({ dataDir, profile }: ApiServerOptions): Promise<ApiServer> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = startNode(script, {
    env: { PORT: String(port), DATA_DIR: dataDir, BOOTSTRAP_API_KEY: KEY, RATE_LIMIT_PER_KEY: '0', RATE_LIMIT_PER_ADDRESS: '0' },
    nodeOptions: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const readyMs = (await untilReady(child, url)) - startedAt;
  return {
    port,
    key: KEY,
    pid: child.pid!,
    readyMs,
    call: async <T>(method: string, pathname: string, body?: unknown) => {
      const response = await fetch(url + pathname, {
        method,
        headers: { Authorization: KEY, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${pathname}: ${response.status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    stop: () => stopChild(child),
  };
}

/** Runs `work` with an empty folder that goes away afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilReady(child: ChildProcess, url: string): Promise<number> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (performance.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it was ready. Is it built?`);
    const ready = await fetch(`${url}/readyz`).then(
      async (response) => (await response.text(), response.ok),
      () => false,
    );
    if (ready) return performance.now();
    await pause(5);
  }
  throw new Error(`The server was not ready after ${GIVE_UP_MS / 1000} s.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
