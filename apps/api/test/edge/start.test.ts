import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY, eventually, startServer, type RunningServer, type ServerOptions } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, SettingsError } from '../../src/config.js';
import { send } from '../support/api.js';

/** What is said of an environment that makes no sense. */
function settingsError(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('they were taken');
}

/** Not every container has it. */
const hasIPv6 = () =>
  new Promise<boolean>((resolve) => {
    const probe = createServer().listen(0, '::', () => probe.close(() => resolve(true)));
    probe.once('error', () => resolve(false));
  });

// Every test starts a process or several, and the machine may have other things to do.
describe('a server that starts', { timeout: 120_000 }, () => {
  let dataDir: string;
  let running: RunningServer[] = [];
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-start-'));
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.kill()));
    running = [];
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (env: Record<string, string> = {}, options: ServerOptions = { dataDir }) => {
    const server = await startServer({ ...options, env });
    running.push(server);
    return server;
  };
  /** What it says when it does not start: sentences for people, never a stack. */
  const refusal = async (env: Record<string, string>): Promise<string> => {
    const error = await start(env).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error, 'it started').toBeDefined();
    expect(error!.message).toMatch(/ended before it was ready \(1\)/);
    const said = error!.message.slice(error!.message.indexOf('\n') + 1);
    expect(said).not.toMatch(/^\s+at /m);
    expect(said).not.toMatch(/Error:|\[object|undefined/);
    return said;
  };
  const accepts = async (server: RunningServer, key: string) => (await send(server, 'GET', '/v1/project/list', { key })).status === 200;
  const noKey = { BOOTSTRAP_API_KEY: '' };
  /** The greeting follows the line that says that it listens. */
  const keyShownBy = (server: RunningServer) => eventually('the key is shown', () => /Your key\s+(\S+)/.exec(server.output())?.[1]);

  describe('for the first time', () => {
    it('on a loopback address makes an admin key, shows it this once, and keeps it for its owner only', async () => {
      const first = await start(noKey);
      const key = await keyShownBy(first);
      expect(key).toMatch(/^vgu_[0-9a-z]{16}_/);
      expect(await accepts(first, key)).toBe(true);
      expect((await send(first, 'POST', '/v1/user/create', { key, json: {} })).status).toBe(200);
      const file = path.join(dataDir, 'admin-key');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, 'utf8')).toBe(`${key}\n`);
      expect((await stat(path.join(dataDir, 'secret-key'))).mode & 0o777).toBe(0o600);
      await first.kill();
      const second = await start(noKey);
      await eventually('it says where the key is', () => second.output().includes(`is in ${file}`) && second.output().includes('curl -s'));
      expect(await accepts(second, key)).toBe(true);
      await second.stop();
      expect(second.output()).not.toContain(key);
      expect(second.output()).toContain(`-H "Authorization: $(cat '${file}')"`);
    });

    it('shows the key no longer once it has been revoked', async () => {
      const first = await start(noKey);
      const key = await keyShownBy(first);
      const { body } = await send(first, 'GET', '/v1/auth/list', { key });
      expect((await send(first, 'POST', '/v1/auth/revoke', { key, json: { key_id: body.data[0].key_id } })).status).toBe(200);
      await first.stop();
      const second = await start(noKey);
      await second.stop();
      expect(second.output()).toContain('Listening on');
      expect(second.output()).not.toContain(key);
    });

    it('prints no BOOTSTRAP_API_KEY, which whoever set it knows', async () => {
      const server = await start();
      await eventually('it has greeted', () => server.output().includes('/docs'));
      await server.stop();
      expect(server.output()).not.toContain(ADMIN_KEY);
    });

    it('prints a link to the dashboard that signs in, where the dashboard has been built and is not turned off', async () => {
      const isBuilt = existsSync(new URL('../../../web/dist/index.html', import.meta.url));
      const greeted = (server: RunningServer) => eventually('it has greeted', () => server.output().includes('/docs') && server.output());
      const off = await start({ WEB: '0' });
      expect(await greeted(off)).not.toContain('sign-in');
      await off.kill();
      const server = await start();
      const code = /Open the dashboard +http:\/\/127\.0\.0\.1:\d+\/sign-in#code=(\S+)/.exec(await greeted(server))?.[1];
      expect(code !== undefined).toBe(isBuilt);
      if (code) expect((await send(server, 'POST', '/v1/auth/create_session', { json: { code } })).status).toBe(200);
    });

    it('prints a line to paste that works', async () => {
      const server = await start(noKey);
      const [, url, key, json] = await eventually('the line is shown', () => /curl -s (\S+) -H "Authorization: (\S+)" -H 'Content-Type: application\/json' -d '(.+)'/.exec(server.output()) ?? undefined);
      expect((await send({ url: '' }, 'POST', url!, { key: key!, json: JSON.parse(json!) })).body.project_id).toMatch(/^[0-9a-f]{32}$/);
    });

    it('where other machines can reach it refuses to make up a key, and says what to set', async () => {
      const hosts = ['0.0.0.0', ...((await hasIPv6()) ? ['::'] : [])];
      for (const HOST of hosts) expect(await refusal({ ...noKey, HOST })).toMatch(/HOST=\S+ lets other machines in\. Set BOOTSTRAP_API_KEY/);
    });

    it('takes BOOTSTRAP_API_KEY as the admin key, and does not print it where others may read along', async () => {
      const server = await start({ HOST: '0.0.0.0' });
      expect(server.output()).not.toContain(ADMIN_KEY);
      const local = { url: server.url.replace('0.0.0.0', '127.0.0.1') };
      expect((await send(local, 'POST', '/v1/user/create', { key: ADMIN_KEY, json: {} })).status).toBe(200);
    });
  });

  it('with another BOOTSTRAP_API_KEY takes that one and no longer the one before', async () => {
    const other = 'another-admin-key-0123456789abcdef-0123456789abcdef';
    await (await start()).kill();
    const server = await start({ BOOTSTRAP_API_KEY: other });
    expect([await accepts(server, other), await accepts(server, ADMIN_KEY)]).toEqual([true, false]);
  });

  // npm test sets it: the Node it was started with where that is a 20, else one from npm.
  const old = process.env['VERGE_NODE_20'];
  it.skipIf(old === undefined)('refuses a Node that is too old with a sentence', async () => {
    const api = new URL('../../', import.meta.url);
    const { engines } = JSON.parse(await readFile(new URL('package.json', api), 'utf8')) as { engines: { node: string } };
    const { status, stderr } = spawnSync(old!, [fileURLToPath(new URL('dist/main.js', api))], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The server needs Node [\d.]+ or newer, and .+ is Node 20\.\S+\.\n$/);
    expect(stderr).toContain(`needs Node ${engines.node.replace('>=', '')} or newer`);
  });

  describe('refuses with a sentence that names the setting', () => {
    it.each([
      ['PORT', 'http'],
      ['PORT', '65536'],
      ['PORT', '-1'],
      ['PORT', '80.5'],
      ['DATABASE_URL', 'mysql://x'],
      ['DATABASE_POOL_SIZE', '0'],
      ['STORAGE_URL', 's3://'],
      ['STORAGE_URL', 's3://Bucket'],
      ['STORAGE_URL', 's3://bucket/../other'],
      ['STORAGE_URL', 's3://bucket/a//b'],
      ['STORAGE_URL', 's3://bucket?region=eu-central-1'],
      ['S3_ENDPOINT', 'minio:9000'],
      ['S3_PATH_STYLE', 'yes'],
      ['S3_COPIES_BYTES', '1 GiB'],
      ['STORAGE_URL', 'file:blobs?mode=ro'],
      ['PUBLIC_URL', 'example.com'],
      ['PUBLIC_URL', 'javascript:alert(1)'],
      ['PUBLIC_URL', 'https://example.com/?from=here'],
      ['PUBLIC_URL', 'https://example.com/#top'],
      ['TRUST_PROXY', 'true'],
      ['CORS_ORIGINS', 'app.of-nobody.example'],
      ['CORS_ORIGINS', 'https://app.example.com/page'],
      ['CORS_ORIGINS', 'https://me@app.example.com'],
      ['SECRET_KEY', 'short'],
      ['BOOTSTRAP_API_KEY', 'too-short'],
      ['BOOTSTRAP_API_KEY', 'has spaces '.repeat(5)],
      ['BOOTSTRAP_API_KEY', `vgu_0123456789abcdef_${'x'.repeat(43)}01234567`],
      ['BOOTSTRAP_API_KEY', 'x'.repeat(31)],
      ['BOOTSTRAP_API_KEY', 'x'.repeat(513)],
      ['MAX_MODEL_BYTES', '2GB'],
      ['MIN_FREE_BYTES', '-1'],
      ['MAX_CONNECTIONS', 'many'],
      ['RATE_LIMIT_PER_KEY', '1e3'],
      ['MODEL_WORKERS', '0'],
      ['LOG_LEVEL', 'loud'],
    ])('%s=%s', (name, value) => {
      const said = settingsError({ [name]: value });
      expect(said).toMatch(new RegExp(`^  ${name} must [^\\n]+\\.$`, 'm'));
      if (value.length > 8) expect(said).not.toContain(value);
    });

    it.each([
      ['S3_ENDPOINT', 'http://127.0.0.1:9000'],
      ['S3_REGION', 'eu-central-1'],
    ])('%s without models on S3', (name, value) => {
      expect(settingsError({ [name]: value })).toBe(`${name} is for models on S3 and needs STORAGE_URL=s3://….`);
      expect(readConfig({ [name]: value, STORAGE_URL: 's3://bucket' }).storage).toMatchObject({ kind: 's3', bucket: 'bucket', prefix: '' });
    });

    it('and names all of them at once', async () => {
      const said = await refusal({ PORT: 'x', LOG_LEVEL: 'y', TRUST_PROXY: 'z' });
      for (const name of ['PORT', 'LOG_LEVEL', 'TRUST_PROXY']) expect(said).toContain(`  ${name} must `);
    });
  });

  it('takes any other text of 32 characters as BOOTSTRAP_API_KEY, also one that begins as its own keys do', async () => {
    for (const key of ['x'.repeat(32), `vgu_${'y'.repeat(28)}`]) {
      const server = await start({ BOOTSTRAP_API_KEY: key });
      expect(await accepts(server, key)).toBe(true);
      await server.kill();
    }
  });

  it('takes an origin with a slash at its end for the origin that it is', () => {
    expect(readConfig({ CORS_ORIGINS: 'https://app.example.com/, http://localhost:5173' }).corsOrigins).toEqual(['https://app.example.com', 'http://localhost:5173']);
  });

  it.each(
    ['DATA_DIR', 'STORAGE_URL'].flatMap((setting) => [
      [setting, 'a file', () => path.join(dataDir, 'file')],
      [setting, 'below a file', () => path.join(dataDir, 'file', 'below', 'it')],
      // Where nobody can make a folder, be it root.
      ...(existsSync('/proc/self') ? [[setting, 'in /proc', () => '/proc/vergeai/data']] : []),
    ]) as [string, string, () => string][],
  )('with a %s that cannot be a folder, being %s, says so', async (setting, _where, folder) => {
    await writeFile(path.join(dataDir, 'file'), '');
    const said = await refusal({ [setting]: setting === 'DATA_DIR' ? folder() : `file:${folder()}` });
    expect(said).toMatch(new RegExp(`^The folder ${folder()} of ${setting} cannot be made or written .* Set ${setting} to a folder`));
  });

  it('makes a DATA_DIR that is missing with all above it, for its user only', async () => {
    const folder = path.join(dataDir, 'not', 'there');
    const server = await start({ DATA_DIR: folder });
    expect(await accepts(server, ADMIN_KEY)).toBe(true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('takes empty settings as settings that are not there', async () => {
    const server = await start({ LOG_LEVEL: '', CORS_ORIGINS: '', PUBLIC_URL: '', SECRET_KEY: '' });
    expect(await accepts(server, ADMIN_KEY)).toBe(true);
  });

  it('on a port that is taken says so', async () => {
    const server = await start();
    const { port } = new URL(server.url);
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'vergeai-start-'));
    expect(await refusal({ PORT: port, DATA_DIR: elsewhere })).toMatch(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken\\..*PORT`));
    await rm(elsewhere, { recursive: true, force: true });
  });

  it('on a name that means nothing says so', async () => {
    expect(await refusal({ HOST: '999.1.1.1' })).toMatch(/^HOST=999\.1\.1\.1 is no address .* Set HOST to/);
  });

  it('on an address of another machine says so', async () => {
    expect(await refusal({ HOST: '192.0.2.1' })).toMatch(/Can't listen on 192\.0\.2\.1.*HOST/);
  });

  it('on the data folder of a server that runs refuses, and leaves that one alone', async () => {
    const first = await start();
    expect(await refusal({})).toMatch(/Another server is using the data folder .*DATA_DIR/);
    expect(await accepts(first, ADMIN_KEY)).toBe(true);
  });

  it('on the database of a server that runs refuses, from whichever folder and by whichever name, and leaves nothing behind', async () => {
    const file = path.join(dataDir, 'vergeai.db');
    const first = await start();
    await symlink(file, path.join(dataDir, 'by-a-link.db'));
    for (const name of [file, path.join(dataDir, 'by-a-link.db'), path.join(dataDir, '.', 'blobs', '..', 'vergeai.db')]) {
      const elsewhere = path.join(dataDir, 'elsewhere');
      expect(await refusal({ DATA_DIR: elsewhere, DATABASE_URL: `file:${name}` })).toMatch(/Another server is using the database .*vergeai\.db\..*DATABASE_URL/);
      expect(existsSync(elsewhere)).toBe(false);
    }
    expect(await accepts(first, ADMIN_KEY)).toBe(true);
  });

  it('that is refused leaves nothing behind, and so starts once it is put right', async () => {
    const elsewhere = path.join(dataDir, 'elsewhere');
    const file = path.join(dataDir, 'vergeai.db');
    await (await start()).stop();
    const secret = await readFile(path.join(dataDir, 'secret-key'), 'utf8');
    for (const env of [
      { DATABASE_URL: `file:${file}` },
      { DATABASE_URL: `file:${path.join(dataDir, 'missing', 'x.db')}` },
      { DATABASE_URL: `file:${file}?mode=ro` },
      { DATABASE_URL: 'postgres://127.0.0.1:9/x' },
      { DATABASE_URL: 'postgres://127.0.0.1:9/x?schema=y' },
      { ...noKey, HOST: '0.0.0.0' },
    ]) {
      await refusal({ DATA_DIR: elsewhere, ...env });
      expect(existsSync(elsewhere), JSON.stringify(env)).toBe(false);
    }
    await mkdir(elsewhere);
    await refusal({ DATA_DIR: elsewhere, DATABASE_URL: `file:${file}` });
    expect(existsSync(path.join(elsewhere, 'secret-key'))).toBe(false);
    const server = await start({ DATA_DIR: elsewhere, DATABASE_URL: `file:${file}`, SECRET_KEY: secret.trim() });
    expect(await accepts(server, ADMIN_KEY)).toBe(true);
  });

  it('takes over the data folder of a server that was killed', async () => {
    await (await start()).kill();
    expect(await accepts(await start(), ADMIN_KEY)).toBe(true);
  });

  describe('on a database of another secret', () => {
    it('refuses, and says what to put back', async () => {
      await (await start({ SECRET_KEY: 'a'.repeat(40) })).kill();
      expect(await refusal({ SECRET_KEY: 'b'.repeat(40) })).toMatch(/made with another secret.*secret-key.*SECRET_KEY/);
      expect(await accepts(await start({ SECRET_KEY: 'a'.repeat(40) }), ADMIN_KEY)).toBe(true);
    });

    it('refuses when the secret was lost', async () => {
      await (await start()).kill();
      await rm(path.join(dataDir, 'secret-key'));
      expect(await refusal({})).toMatch(/made with another secret/);
    });
  });
});
