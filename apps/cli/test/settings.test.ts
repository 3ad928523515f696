import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { faultServer, json } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { world, type World } from './support/world.js';

let here: World;
beforeEach(async () => {
  here = await world();
});
afterEach(() => here[Symbol.asyncDispose]());

const signedOut = { VERGEAI_API_KEY: '', VERGEAI_BASE_URL: '' };
const login = (...more: string[]) => here.verge(['login', here.url, '--with-key', ...more], { stdin: `${here.key}\n`, env: signedOut });
const verge = (...args: string[]) => here.verge(args, { env: signedOut });

describe('a sign-in', () => {
  it('is kept in a file that only its owner can read, in a folder that only they can look into', async () => {
    expect(await login()).toMatchObject({ code: 0 });
    expect((await stat(here.config)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(here.config))).mode & 0o777).toBe(0o700);
    expect(await verge('project', 'list')).toMatchObject({ code: 0 });
  });

  it('that others could read is taken from them, and that is said', async () => {
    await login();
    await (await import('node:fs/promises')).chmod(here.config, 0o644);
    const { code, stderr } = await verge('project', 'list');
    expect(code).toBe(0);
    expect(stderr).toContain('could be read by others');
    expect((await stat(here.config)).mode & 0o777).toBe(0o600);
  });

  it('has a name of its own for each server, and another can be switched to', async () => {
    await login();
    await login('--profile', 'work');
    expect(await verge('auth', 'switch', 'default')).toMatchObject({ code: 0 });
    expect(JSON.parse((await verge('auth', 'status', '--json')).stdout)).toMatchObject({ key: { from: 'profile default' }, profiles: ['default', 'work'] });
    expect(JSON.parse((await verge('auth', 'status', '--json', '--profile', 'work')).stdout)).toMatchObject({ key: { from: 'profile work' } });
    expect(await verge('project', 'list', '--profile', 'play')).toMatchObject({ code: 4 });
    expect(await verge('auth', 'switch', 'play')).toMatchObject({ code: 3 });
  });

  it('is forgotten by logout, and its key counts no more when that was asked for', async () => {
    await login();
    expect(await verge('logout', '--revoke')).toMatchObject({ code: 0 });
    expect(await readFile(here.config, 'utf8')).not.toContain(here.key);
    expect(await here.verge(['project', 'list'])).toMatchObject({ code: 4 });
  });

  it('may be a command that prints the key, which is then kept nowhere', async () => {
    await writeFile(path.join(here.folder, 'secret'), here.key);
    expect(await here.verge(['login', here.url, '--key-command', 'cat secret'], { env: signedOut })).toMatchObject({ code: 0 });
    expect(await readFile(here.config, 'utf8')).not.toContain(here.key);
    expect(await verge('project', 'list')).toMatchObject({ code: 0 });
    expect((await verge('auth', 'token')).stdout).toBe(`${here.key}\n`);
  });

  it('shows in auth status with where everything is from; 4 when there is none', async () => {
    expect(await verge('auth', 'status')).toMatchObject({ code: 4 });
    await login();
    const { code, stdout } = await here.verge(['auth', 'status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ signed_in: { kind: 'user', user: { user_name: 'Ada' } }, key: { from: 'VERGEAI_API_KEY', overrides: ['profile default'] }, url: { from: 'VERGEAI_BASE_URL' } });
    expect(stdout).not.toContain(here.key);
  });
});

describe('a key', () => {
  it('is printed by no command, also when it tells about each request', async () => {
    await login();
    for (const args of [['project', 'list', '-v'], ['auth', 'status', '-v'], ['project', 'create', 'Digits', '--curl'], ['auth', 'keys', 'list', '-v'], ['project', 'view', 'x', '-v'], ['version']]) {
      const { stdout, stderr } = await verge(...args);
      expect(stdout + stderr, args.join(' ')).not.toContain(here.key);
    }
  });

  it('that is stored goes to no other server, whoever names it', async () => {
    await login();
    await using hostile = await faultServer(json(200, { data: [], next_cursor: null }));
    await writeFile(path.join(here.folder, 'verge.json'), JSON.stringify({ url: hostile.url }));
    expect(await verge('project', 'list')).toMatchObject({ code: 4 });
    expect(await verge('project', 'list', '--url', hostile.url)).toMatchObject({ code: 4 });
    expect(await here.verge(['project', 'list'], { env: { VERGEAI_BASE_URL: hostile.url, VERGEAI_API_KEY: '' } })).toMatchObject({ code: 4 });
    expect(hostile.seen).toEqual([]);
  });

  it('of the environment goes to no server that only a file in the folder names', async () => {
    await using hostile = await faultServer(json(200, { data: [], next_cursor: null }));
    await writeFile(path.join(here.folder, 'verge.json'), JSON.stringify({ url: hostile.url }));
    const { code, stderr } = await here.verge(['project', 'list'], { env: { VERGEAI_BASE_URL: '' } });
    expect(code).toBe(4);
    expect(stderr).toContain(`VERGEAI_BASE_URL=${hostile.url}`);
    expect(hostile.seen).toEqual([]);
    expect(await here.verge(['project', 'list', '--url', hostile.url])).toMatchObject({ code: 0 });
  });

  it('follows no redirect', async () => {
    await using elsewhere = await faultServer(json(200, { data: [], next_cursor: null }));
    await using first = await faultServer((_, response) => void response.writeHead(307, { location: `${elsewhere.url}/v1/project/list` }).end());
    expect((await here.verge(['project', 'list', '--url', first.url])).code).not.toBe(0);
    expect(elsewhere.seen).toEqual([]);
  });

  it('has no place in verge.json', async () => {
    await writeFile(path.join(here.folder, 'verge.json'), JSON.stringify({ api_key: 'x' }));
    const { code, stderr } = await here.verge(['project', 'list']);
    expect(code).toBe(2);
    expect(stderr).toContain('verge login');
  });
});

describe('verge.json', () => {
  it('counts in the folders below, after the environment and the command line', async () => {
    const [a, b] = await Promise.all(['A', 'B'].map(async (project_name) => (await here.client.Project.create({ project_name })).body.project_id));
    expect(await here.verge(['init', '--project', 'A'])).toMatchObject({ code: 0 });
    await mkdir(path.join(here.folder, 'below'));
    const view = async (line: string) => (await here.shell(`cd below && ${line}`)).stdout.trim();
    expect(await view('verge project view -q')).toBe(a);
    expect(await view('VERGE_PROJECT=B verge project view -q')).toBe(b);
    expect(await view('VERGE_PROJECT=A verge project view -q --project B')).toBe(b);
  });

  it('is said to be where something is from, once, and not with --quiet', async () => {
    await here.client.Project.create({ project_name: 'A' });
    await here.verge(['init']);
    expect((await here.verge(['experiment', 'list'])).stderr).toMatch(/^project [0-9a-f]{8} from verge\.json\n/);
    expect((await here.verge(['experiment', 'list', '-q'])).stderr).toBe('');
  });

  it('keeps what was chosen', async () => {
    const { project_id } = (await here.client.Project.create({ project_name: 'A' })).body;
    const { ID } = (await here.client.Experiment.create({ project_id, experiment_name: 'First' })).body;
    await here.verge(['init']);
    expect(await here.verge(['experiment', 'use', '@last'])).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(path.join(here.folder, 'verge.json'), 'utf8'))).toEqual({ url: here.url, project: project_id, experiment: ID });
  });

  it('is not written over by mistake', async () => {
    await here.client.Project.create({ project_name: 'A' });
    await here.verge(['init']);
    expect(await here.verge(['init'])).toMatchObject({ code: 2 });
    expect(await here.verge(['init', '--yes'])).toMatchObject({ code: 0 });
  });
});
