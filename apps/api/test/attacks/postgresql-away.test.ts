import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, eventually, startPostgres, startServer, type Postgres, type RunningServer } from '@vergeai/testkit';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { databases, newExperiment, newProject, send, startApi, type TestApi } from '../support/api.js';
import { listen } from '../support/listen.js';
import { expectProblem } from '../support/uploads.js';

describe.runIf(process.platform === 'linux')('a server whose PostgreSQL', { timeout: 240_000 }, () => {
  let postgres: Postgres;
  let server: RunningServer | undefined;
  let api: TestApi;
  beforeEach(async () => {
    postgres = await startPostgres();
    server = await startServer({ env: { DATABASE_URL: await postgres.createDatabase(), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } });
    api = { url: server.url, adminKey: server.key, dataDir: server.dataDir } as TestApi;
  });
  afterEach(async () => {
    postgres.signal('SIGCONT');
    await server?.stop();
    await postgres.stop();
  });

  it('is frozen answers every request and /readyz with 503 within seconds, goes on when it does, and has lost nothing', async () => {
    const project = await newProject(api);
    // A hint to listeners is under way as well.
    await newExperiment(api, project);
    postgres.signal('SIGSTOP');
    const frozenAt = performance.now();
    const asked = [
      send(api, 'GET', '/readyz'),
      ...Array.from({ length: 30 }, () => send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey })),
      ...Array.from({ length: 5 }, () => send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } })),
    ];
    for (const reply of await Promise.all(asked)) expectProblem(reply, 503, 'busy');
    expect(performance.now() - frozenAt).toBeLessThan(10_000);
    const again = performance.now();
    expectProblem(await send(api, 'GET', '/readyz'), 503, 'busy');
    expect(performance.now() - again).toBeLessThan(2_000);
    expect((await send(api, 'GET', '/livez')).status).toBe(200);
    postgres.signal('SIGCONT');
    await eventually('it is ready again', async () => (await send(api, 'GET', '/readyz')).status === 200, 10_000);
    expect((await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } })).status).toBe(200);
  });

  it('is frozen still stops when it is told to', async () => {
    await newProject(api);
    postgres.signal('SIGSTOP');
    const toldAt = performance.now();
    await server!.stop();
    server = undefined;
    expect(performance.now() - toldAt).toBeLessThan(20_000);
  });

  it('takes no writes any more, as after a fail-over, answers them with 503, and takes them again over new connections', async () => {
    const project = await newProject(api);
    const database = new Client({ connectionString: postgres.url });
    await database.connect();
    const readOnly = async (how: 'on' | 'off') => {
      await database.query(`ALTER SYSTEM SET default_transaction_read_only = ${how}`);
      await database.query('SELECT pg_reload_conf()');
    };
    const create = () => send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project } });
    try {
      await readOnly('on');
      await eventually('nothing is written any more', async () => (await create()).status !== 200);
      expectProblem(await create(), 503, 'busy');
      expectProblem(await send(api, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'x' } }), 503, 'busy');
      expect((await send(api, 'GET', `/v1/project/get/${project}`, { key: api.adminKey })).status).toBe(200);
      await database.query('SET default_transaction_read_only = off');
      await readOnly('off');
      await eventually('it is written again', async () => (await create()).status === 200);
    } finally {
      await database.end();
    }
  });

  it('has no connection left answers 503 and goes on once it has', async () => {
    const held: Client[] = [];
    try {
      for (;;) {
        const client = new Client({ connectionString: postgres.url });
        client.on('error', () => {});
        await client.connect();
        held.push(client);
      }
    } catch {
      expect(held.length).toBeGreaterThan(50);
    }
    const replies = await Promise.all(Array.from({ length: 40 }, () => send(api, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'x' } })));
    for (const { status } of replies) expect([200, 503]).toContain(status);
    await Promise.all(held.map((client) => client.end()));
    expect((await send(api, 'POST', '/v1/project/create', { key: api.adminKey, json: { project_name: 'x' } })).status).toBe(200);
  });
});

describe.each(databases)('on %s', (database) => {
  it('a Last-Event-ID that no event can have is answered with a stream without events', async () => {
    const api = await startApi(database);
    try {
      const project = await newProject(api);
      const place = { project, experiment: await newExperiment(api, project), devices: [] };
      for (const lastEventId of ['2147483647', '2147483648', '9999999999', '99999999999999999999']) {
        const stream = await listen(api, place, { lastEventId });
        expect([lastEventId, stream.response.status]).toEqual([lastEventId, 200]);
        stream.hangUp();
        await stream.reading;
        expect(stream.events).toEqual([]);
      }
    } finally {
      await api.close();
    }
  });
});

const pooler = process.env['VERGE_PGBOUNCER'] ?? 'pgbouncer';
const hasPooler = spawnSync(pooler, ['--version']).status === 0;
if (!hasPooler) console.warn('SKIPPED: there is no pgbouncer here (VERGE_PGBOUNCER), so what happens behind a pooler was not tried');

describe.runIf(hasPooler)('behind PgBouncer', { timeout: 120_000 }, () => {
  async function behind<T>(mode: 'session' | 'transaction', work: (url: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-pooler-'));
    const url = new URL(await createDatabase(inject('postgresUrl')));
    const port = 20_000 + (process.pid % 20_000);
    const ini = path.join(folder, 'pooler.ini');
    await writeFile(path.join(folder, 'users'), '"app" "app"\n', { mode: 0o644 });
    await writeFile(
      ini,
      `[databases]\n* = host=${url.hostname} port=${url.port} user=app password=app\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=${port}\nunix_socket_dir=\nauth_type=trust\nauth_file=${folder}/users\npool_mode=${mode}\nignore_startup_parameters=extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout\n`,
    );
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    const child = spawn(pooler, process.getuid?.() === 0 ? ['-u', 'nobody', ini] : [ini], { stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('close', resolve));
    try {
      url.port = String(port);
      await eventually('it listens', async () => {
        const probe = new Client({ connectionString: url.href });
        probe.on('error', () => {});
        return probe.connect().then(() => probe.end().then(() => true), () => false);
      });
      return await work(url.href);
    } finally {
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    }
  }

  it('with pool_mode = transaction a server does not start, and says what to set', () =>
    behind('transaction', async (url) => {
      await expect(startServer({ env: { DATABASE_URL: url, DATABASE_ALLOW_UNSAFE_FSYNC: '1' } })).rejects.toThrow(/\nDATABASE_URL leads to a pooler .* Set pool_mode = session/);
    }));

  it('with pool_mode = session it starts and works', () =>
    behind('session', async (url) => {
      const server = await startServer({ env: { DATABASE_URL: url, DATABASE_ALLOW_UNSAFE_FSYNC: '1' } });
      try {
        const api = { url: server.url, adminKey: server.key } as TestApi;
        expect(await newExperiment(api, await newProject(api))).toMatch(/^[0-9a-f]{32}$/);
      } finally {
        await server.stop();
      }
    }));
});
