import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const serverScript = fileURLToPath(new URL('../../../apps/api/dist/main.js', import.meta.url));

/** The key every server started here accepts from its admin. */
export const ADMIN_KEY = 'testkit-admin-key-0123456789abcdef-0123456789abcdef';

export interface ServerOptions {
  /** Added to, or taking the place of, the defaults; see docs/settings.md. */
  readonly env?: Record<string, string>;
  /** A data folder to keep; without it the server gets a fresh one that `stop` removes. */
  readonly dataDir?: string;
  /** A command that runs the one that follows it in its own place, such as `prlimit --nofile=1024`. */
  readonly under?: readonly string[];
}

export interface RunningServer {
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it has printed so far, both streams. */
  output(): string;
  /** Resolves with the exit code, or with the name of the signal that ended it, once all that it printed is in `output`. */
  readonly exited: Promise<number | string>;
  /** SIGKILL, then waits until it is gone. The data folder stays. */
  kill(): Promise<void>;
  /** SIGTERM, waits until it is gone, removes a data folder of its own. */
  stop(): Promise<void>;
}

/** Starts the built server as a process of its own on a free port of 127.0.0.1 and waits until it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'vergeai-')));
  const [command, ...args] = [...(options.under ?? []), process.execPath, serverScript];
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      BOOTSTRAP_API_KEY: ADMIN_KEY,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_KEY: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      // How full the disk is does not matter to what is tested.
      MIN_FREE_BYTES: '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stopWithParent = () => child.kill('SIGKILL');
  process.once('exit', stopWithParent);
  const output: string[] = [];
  const exited = new Promise<number | string>((resolve) => {
    // Not at its exit: what it said last may still be on its way then.
    child.once('close', (code, signal) => {
      process.off('exit', stopWithParent);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const url = await ready(child, output, exited);
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    await exited;
  };
  return {
    url,
    key: options.env?.['BOOTSTRAP_API_KEY'] ?? ADMIN_KEY,
    dataDir,
    pid: child.pid!,
    output: () => output.join('\n'),
    exited,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess, output: string[], exited: Promise<number | string>): Promise<string> {
  const found = new Promise<string>((resolve) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const match = /Listening on (http:\/\/\S+)/.exec(line);
        if (match) resolve(match[1]!);
      });
    }
  });
  const ended = exited.then((how): never => {
    throw new Error(`the server ended before it was ready (${how}):\n${output.join('\n')}`);
  });
  await Promise.race([once(child, 'spawn'), ended]);
  return Promise.race([found, ended]);
}
