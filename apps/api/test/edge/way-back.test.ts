import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, installedPostgres, startPostgres, startServer, type RunningServer } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { newExperiment, newProject, send, type TestApi } from '../support/api.js';

const settings = await readFile(new URL('../../../../docs/settings.md', import.meta.url), 'utf8');
const section = (title: string) => settings.slice(settings.indexOf(`## ${title}`)).split('\n## ')[0]!;
const [backupSqlite, restoreSqlite, backupPostgresql, restorePostgresql] = [...section('Backup by hand').matchAll(/```sh\n([^`]+)```/g)].map(([, commands]) => commands!);
const hasSqlite = spawnSync('sqlite3', ['--version']).status === 0;
if (!hasSqlite) console.warn('SKIPPED: there is no sqlite3 here, so the documented backup of SQLite was not tried');
// pg_dump wants to be as new as the server, so the server is the one that it came with.
const programs = installedPostgres();
if (!programs) console.warn('SKIPPED: no PostgreSQL with its pg_dump is installed here, so the documented backup of PostgreSQL was not tried');

describe('whoever owns the machine', { timeout: 120_000 }, () => {
  let folder: string;
  let running: RunningServer[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vergeai-back-'));
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.kill()));
    running = [];
    await rm(folder, { recursive: true, force: true });
  });

  const dataDir = () => path.join(folder, 'data');
  const start = async (env: Record<string, string> = {}) => {
    const server = await startServer({ dataDir: dataDir(), env: { BOOTSTRAP_API_KEY: '', ...env } });
    running.push(server);
    return server;
  };
  const adminKey = async () => (await readFile(path.join(dataDir(), 'admin-key'), 'utf8')).trim();
  const asAdmin = (server: RunningServer, key: string) => ({ url: server.url, adminKey: key }) as TestApi;
  const shell = (commands: string, env: Record<string, string> = {}) => execFileSync('sh', ['-ec', commands], { cwd: folder, env: { ...process.env, ...env }, stdio: 'pipe' });

  /** An experiment with a model, in a project of the admin's. */
  async function train(server: RunningServer, key: string) {
    const api = asAdmin(server, key);
    const project_id = await newProject(api, key);
    const experiment_id = await newExperiment(api, project_id, key);
    await send(api, 'POST', '/v1/experiment/submit_start_model', { key, json: { project_id, experiment_id, model: { w: [1, 2, 3] } } });
    return { project_id, experiment_id };
  }
  async function modelOf(server: RunningServer, key: string, { project_id, experiment_id }: { project_id: string; experiment_id: string }): Promise<string> {
    const { body, text } = await send(server, 'GET', `/v1/experiment/current_model/${project_id}/${experiment_id}`, { key });
    if (!body?.model_url) return text;
    return (await send(server, 'GET', body.model_url as string)).text;
  }

  it.skipIf(!hasSqlite)('gets everything back by the commands of the docs as they stand, taken while it runs, on SQLite', async () => {
    const server = await start();
    const key = await adminKey();
    const place = await train(server, key);
    shell(backupSqlite!);
    const after = await train(server, key);
    await server.kill();
    await rename(dataDir(), path.join(folder, 'lost'));
    shell(restoreSqlite!);
    const restored = await start();
    expect(await modelOf(restored, key, place)).toBe('{"w":[1,2,3]}');
    expect(await modelOf(restored, key, after)).toContain('not_found');
    await train(restored, key);
  });

  it.skipIf(!programs)('gets everything back by the commands of the docs as they stand, taken while it runs, on PostgreSQL', async () => {
    const postgres = await startPostgres({ programs: programs! });
    onTestFinished(postgres.stop);
    const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()];
    const PATH = `${programs}${path.delimiter}${process.env['PATH']}`;
    const safe = { DATABASE_ALLOW_UNSAFE_FSYNC: '1' };
    const server = await start({ DATABASE_URL: first, ...safe });
    const key = await adminKey();
    const place = await train(server, key);
    shell(backupPostgresql!, { DATABASE_URL: first, PATH });
    const after = await train(server, key);
    await server.kill();
    await rename(dataDir(), path.join(folder, 'lost'));
    shell(restorePostgresql!, { DATABASE_URL: second, PATH });
    const restored = await start({ DATABASE_URL: second, ...safe });
    expect(await modelOf(restored, key, place)).toBe('{"w":[1,2,3]}');
    expect(await modelOf(restored, key, after)).toContain('not_found');
    await train(restored, key);
  });

  it('gets a new admin key by NEW_ADMIN_KEY when the old one is lost, and nobody else does', async () => {
    const server = await start();
    const lost = await adminKey();
    const place = await train(server, lost);
    await server.kill();
    await rm(path.join(dataDir(), 'admin-key'));
    await (await start()).kill();
    await expect(adminKey()).rejects.toThrow('ENOENT');
    const again = await start({ NEW_ADMIN_KEY: '1' });
    const key = await adminKey();
    expect(key).not.toBe(lost);
    expect(await modelOf(again, key, place)).toBe('{"w":[1,2,3]}');
    expect((await send(again, 'POST', '/v1/user/create', { key, json: {} })).status).toBe(200);
    // The old one is not lost to whoever finds it: it goes on until it is revoked.
    expect(await modelOf(again, lost, place)).toBe('{"w":[1,2,3]}');
  });

  it.each(['sqlite', 'postgresql'])('gets back in when the secret is lost: every key is revoked, the data is as it was, on %s', async (database) => {
    const env = database === 'sqlite' ? {} : { DATABASE_URL: await createDatabase(inject('postgresUrl')), DATABASE_ALLOW_UNSAFE_FSYNC: '1' };
    const server = await start(env);
    const old = await adminKey();
    const place = await train(server, old);
    const { body: user } = await send(server, 'POST', '/v1/user/create', { key: old, json: {} });
    await server.kill();
    await writeFile(path.join(dataDir(), 'secret-key'), `${'f'.repeat(64)}\n`);
    await expect(start(env)).rejects.toThrow(/another secret.*NEW_ADMIN_KEY=1/s);
    const again = await start({ ...env, NEW_ADMIN_KEY: '1' });
    const key = await adminKey();
    expect(await modelOf(again, key, place)).toBe('{"w":[1,2,3]}');
    for (const revoked of [old, user.key as string]) expect(await modelOf(again, revoked, place)).toContain('key_invalid');
    await again.kill();
    const later = await start(env);
    expect(await modelOf(later, key, place)).toBe('{"w":[1,2,3]}');
  });
});
