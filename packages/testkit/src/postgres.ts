import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { postgresBinaries, UNPRIVILEGED } from './postgres-binaries.js';
import { createDatabase } from './postgres-database.js';
import { signalAll } from './signal-all.js';

export interface PostgresOptions {
  /** Whether commits wait for the disk, as in production. Default false, which is faster. */
  fsync?: boolean;
  /** Folder of its programs. Default: the one from npm. */
  programs?: string;
}

export interface Postgres {
  /** Of the database `postgres`, as the superuser. */
  url: string;
  /** A new, empty database. Any process may do the same with the url: createDatabase(url). */
  createDatabase: () => Promise<string>;
  /** Stops it and removes its files. Safe to call twice. */
  stop: () => Promise<void>;
  /** SIGSTOP freezes it, all its processes at once; SIGCONT lets it go on. Linux only. */
  signal: (name: 'SIGSTOP' | 'SIGCONT') => void;
  pid: number;
}

const ATTEMPTS = 5;
const FAST_AND_UNSAFE = ['-F', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

/**
 * A real PostgreSQL on a free port of 127.0.0.1, with its files in a temporary folder. Linux and macOS.
 *
 * It never outlives this process, not even one that is killed with -9.
 *
 * @throws Error with what PostgreSQL said when it does not start
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePort(options);
    } catch (error) {
      // Nobody holds the port between the look for a free one and the start: another process may have taken it.
      if (attempt === ATTEMPTS || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function startOnFreePort({ fsync = false, programs }: PostgresOptions): Promise<Postgres> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vergeai-postgres-'));
  let watchdog: ReturnType<typeof watch> | undefined;
  try {
    const bin = programs ?? postgresBinaries(folder);
    const data = initialise(bin, folder);
    const port = await freePort();
    const server = spawn(
      path.join(bin, 'postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-c', 'max_connections=200', ...(fsync ? [] : FAST_AND_UNSAFE)],
      { ...inFolder(folder), stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    const { end, gone } = (watchdog = watch(folder, server.pid!));
    await untilReady(server);
    letProcessExit(server);

    const url = `postgres://app:app@127.0.0.1:${port}/postgres`;
    const stop = async () => {
      end();
      await Promise.all([exited, gone]);
    };
    return { url, createDatabase: () => createDatabase(url), stop, signal: (name) => signalAll(server.pid!, name), pid: server.pid! };
  } catch (error) {
    watchdog?.end();
    await watchdog?.gone;
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function inFolder(folder: string) {
  // The readiness line is looked for in English.
  return { ...UNPRIVILEGED, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
}

function initialise(bin: string, folder: string): string {
  const data = path.join(folder, 'data');
  const password = path.join(folder, 'password');
  writeFileSync(password, 'app\n');
  if (UNPRIVILEGED.uid !== undefined) for (const file of [folder, password]) chownSync(file, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const { status, stderr, error } = spawnSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'app', '-A', 'scram-sha-256', '--pwfile', password, '--no-sync', '-E', 'UTF8', '--locale=C'],
    { ...inFolder(folder), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr || error}`);
  return data;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * A shell that waits for the end of a pipe only this process holds: however this process ends, the pipe does, and the
 * shell kills the server and removes the folder. Sessions of their own keep Ctrl-C from reaching it first. The server
 * takes its pid file away when it ends; its pid alone may stay for ever where nobody reaps orphans, as in a container.
 */
const WATCHDOG = `
trap '' INT TERM HUP
cat > /dev/null
kill -QUIT "$1" 2> /dev/null
tries=0
while kill -0 "$1" 2> /dev/null && [ -e "$2/data/postmaster.pid" ] && [ $tries -lt 600 ]; do sleep 0.05; tries=$((tries + 1)); done
rm -rf "$2"
`;

function watch(folder: string, pid: number): { end: () => void; gone: Promise<void> } {
  const shell = spawn('sh', ['-c', WATCHDOG, 'watchdog', String(pid), folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const gone = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  shell.unref();
  (shell.stdin as net.Socket).unref();
  return {
    gone,
    end: () => {
      shell.ref();
      shell.stdin.end();
    },
  };
}

async function untilReady(server: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr!.on('data', (chunk: Buffer) => {
      // Read to the end, or the server would block on a full pipe; kept only until it is up.
      if (!log.includes('ready to accept connections')) log += chunk;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('close', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
}

/** Forgetting to stop it must not keep this process alive; the watchdog cleans up. */
function letProcessExit(server: ChildProcess): void {
  server.unref();
  (server.stderr as net.Socket).unref();
}
