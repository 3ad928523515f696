import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, ADMIN_KEY } from '@vergeai/testkit';
import { inject } from 'vitest';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { Context } from '../../src/context.js';
import { prepareAdmin } from '../../src/start/first-start.js';
import { createLastUsed, type LastUsed } from '../../src/access/last-used.js';
import { createLog } from '../../src/start/log.js';
import { openContext } from '../../src/start/open-context.js';
import type { Clock } from '../../src/time/clock.js';
import { systemClock } from '../../src/time/system-clock.js';
import { startBackground } from '../../src/upkeep/background.js';
import { taskHandlers } from '../../src/upkeep/task-handlers.js';

/** Both databases: `describe.each(databases)`. */
export const databases = ['sqlite', 'postgresql'] as const;
export type DatabaseName = (typeof databases)[number];

export interface TestApi {
  readonly url: string;
  /** The server admin's key. */
  readonly adminKey: string;
  /** The parts behind it, for looking at what was stored. */
  readonly ctx: Context;
  readonly dataDir: string;
  readonly lastUsed: LastUsed;
  /** Aborts when it closes. */
  readonly stopping: AbortSignal;
  close(): Promise<void>;
}

export interface OtherParts {
  /** In place of the machine's. */
  readonly clock?: Clock;
  /** Gives the context with parts of it replaced. */
  readonly change?: (ctx: Context) => Context;
  /** All that the role does without a request, and not tasks alone. */
  readonly background?: boolean;
  /** A folder with a dashboard's pages. */
  readonly pages?: string;
}

/** The real server in this process: real database, real disk, real socket on a free port of 127.0.0.1. */
export async function startApi(database: DatabaseName, env: Record<string, string> = {}, { clock = systemClock, change = (ctx) => ctx, background = false, pages }: OtherParts = {}): Promise<TestApi> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-test-'));
  const config = readConfig({
    DATA_DIR: dataDir,
    BOOTSTRAP_API_KEY: ADMIN_KEY,
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_KEY: '0',
    RATE_LIMIT_PER_ADDRESS: '0',
    // How full the disk is does not matter to what is tested.
    MIN_FREE_BYTES: '0',
    DATABASE_ALLOW_UNSAFE_FSYNC: '1',
    ...(database === 'postgresql' && !env['DATABASE_URL'] && { DATABASE_URL: await createDatabase(inject('postgresUrl')) }),
    ...env,
  });
  const opened = await openContext(config, createLog(config), clock, (error) => {
    throw error;
  });
  const ctx = change(opened.ctx);
  await prepareAdmin(ctx);
  const lastUsed = createLastUsed(ctx);
  const stopping = new AbortController();
  const stopBackground = background ? await startBackground(ctx, lastUsed) : await startTasks(ctx);
  const server = createServer(createApp(ctx, { lastUsed, stopping: stopping.signal, pages }));
  // As the real one: a connection that closes at the moment it is used again would fail a test.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    adminKey: config.bootstrapApiKey!,
    ctx,
    dataDir,
    lastUsed,
    stopping: stopping.signal,
    async close() {
      stopping.abort();
      await stopBackground();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await opened.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startTasks(ctx: Context): Promise<() => Promise<void>> {
  await ctx.tasks.start(taskHandlers(ctx));
  return () => ctx.tasks.stop();
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is empty or not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers whose shape is what they test
  readonly body: any;
}

/** One request as a client without our SDK would send it. */
export async function send(
  api: Pick<TestApi, 'url'>,
  method: string,
  pathAndQuery: string,
  options: { key?: string | undefined; json?: unknown; body?: RequestInit['body']; headers?: Record<string, string>; duplex?: 'half' } = {},
): Promise<Reply> {
  const target = pathAndQuery.startsWith('http') ? pathAndQuery : api.url + pathAndQuery;
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const response = await fetch(target, {
    method,
    headers: {
      ...(options.key && { Authorization: options.key }),
      ...(options.json !== undefined && { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(body !== undefined && { body }),
    ...(options.duplex && { duplex: options.duplex }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A project of a key's user; gives its id. */
export async function newProject(api: TestApi, key = api.adminKey): Promise<string> {
  const { body } = await send(api, 'POST', '/v1/project/create', { key, json: { project_name: 'A project' } });
  return body.project_id as string;
}

export async function newExperiment(api: TestApi, projectId: string, key = api.adminKey): Promise<string> {
  const { body } = await send(api, 'POST', '/v1/experiment/create', { key, json: { project_id: projectId } });
  return body.ID as string;
}

export async function newUser(api: TestApi): Promise<{ userId: string; key: string }> {
  const { body } = await send(api, 'POST', '/v1/user/create', { key: api.adminKey, json: {} });
  return { userId: body.user_id as string, key: body.key as string };
}
