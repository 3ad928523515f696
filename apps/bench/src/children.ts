import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const running = new Set<ChildProcess>();
// However this process ends, none of its servers stays behind.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly nodeOptions?: readonly string[];
  readonly stdio: StdioOptions;
}

/** Node running a script of its own; its environment is what is given and nothing else. */
export function startNode(script: string, { env = {}, nodeOptions = [], stdio }: StartOptions): ChildProcess {
  const child = spawn(process.execPath, [...nodeOptions, script], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stdio,
    serialization: 'advanced',
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** A script beside this file, such as `servers/bare-express.js`. */
export const ownScript = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Asks it to end and waits until it has. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** The next message a child sends. Rejects when it ends instead. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as T),
      once(child, 'exit', { signal }).then(([code]): never => {
        throw new Error(`${child.spawnargs.at(-1)} ended with ${String(code)}`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}
