import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@vergeai/testkit';

export interface RunningProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ProxyOptions {
  /** Where the server listens, once that is known. */
  readonly target: string;
  readonly port: number;
  /** `/` or a path such as `/verge/`. */
  readonly under: string;
}

const example = (name: string) => readFile(new URL(`../../../../deploy/${name}`, import.meta.url), 'utf8');

/** The text with a part of it replaced, which has to be there. */
function put(text: string, part: string | RegExp, by: string): string {
  const changed = text.replace(part, by);
  if (changed === text) throw new Error(`the example has no ${part}`);
  return changed;
}

export const proxies = {
  nginx: {
    installed: spawnSync('nginx', ['-v']).status === 0,
    async start({ target, port, under }: ProxyOptions): Promise<RunningProxy> {
      const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-nginx-'));
      const bodies = path.join(folder, 'bodies');
      await mkdir(bodies);
      let site = await example('nginx.conf');
      site = put(site, '127.0.0.1:3000', new URL(target).host);
      site = put(site, 'listen 443 ssl;', `listen 127.0.0.1:${port};`);
      site = put(site, /^.*ssl_certificate .*\n.*ssl_certificate_key .*\n/m, '');
      site = put(site, 'location / {', `location ${under} { # as asked`);
      const ownPlaces = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${bodies}/${what};`).join(' ');
      await writeFile(
        path.join(folder, 'nginx.conf'),
        `daemon off; master_process off; pid ${folder}/pid; error_log stderr;\nevents {}\nhttp { access_log off; ${ownPlaces}\n${site}\n}\n`,
      );
      return run('nginx', ['-p', folder, '-e', 'stderr', '-c', path.join(folder, 'nginx.conf')], folder, port);
    },
  },
  caddy: {
    installed: spawnSync('caddy', ['version']).status === 0,
    async start({ target, port, under }: ProxyOptions): Promise<RunningProxy> {
      const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-caddy-'));
      let site = await example('Caddyfile');
      site = put(site, /^verge\.example\.com \{/m, `http://127.0.0.1:${port} {`);
      site = put(site, /^\treverse_proxy 127\.0\.0\.1:3000$/m, `\treverse_proxy ${under === '/' ? '' : `${under}* `}${new URL(target).host}`);
      await writeFile(path.join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
      return run('caddy', ['run', '--adapter', 'caddyfile', '--config', path.join(folder, 'Caddyfile')], folder, port);
    },
  },
};

async function run(command: string, args: string[], folder: string, port: number): Promise<RunningProxy> {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], HOME: path.join(folder, 'home') }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  const gone = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await eventually(`${command} answers`, async () => {
    if (child.exitCode !== null) throw new Error(said);
    return fetch(url).then(() => true, () => false);
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Neither of them can be told to take any port that is free, and to say which. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
