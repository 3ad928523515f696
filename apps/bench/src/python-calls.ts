import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ClientCall } from './client-call.js';

const fromHere = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const script = fromHere('../python/calls.py');
const sources = fromHere('../../../packages/python/src');
const environment = fromHere('../../../packages/python/tests/environment/prepare.py');

export interface PythonCalls {
  measure(side: 'bare' | 'ours', way: 'sync' | 'async'): Promise<ClientCall>;
  stop(): Promise<void>;
}

/** Python with its client and httpx2, calling one operation. Undefined where there is no Python for it. */
export async function startPythonCalls(baseUrl: string, path: string): Promise<PythonCalls | undefined> {
  // The environment of the package's tests: the same httpx2 on every machine.
  const { status, stdout } = spawnSync('python3', [environment], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) return undefined;
  const python = stdout.trim().split('\n').at(-1)!;

  const child = spawn(python, [script, sources, baseUrl, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const ended = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  const lines = createInterface(child.stdout);
  const nextLine = () => Promise.race([once(lines, 'line').then(([line]) => line as string), ended]);
  if ((await nextLine()) === undefined) throw new Error('Python ended before it had called.');
  return {
    async measure(side, way) {
      child.stdin.write(`${side} ${way}\n`);
      const line = await nextLine();
      if (line === undefined) throw new Error('Python ended in the midst of its calls.');
      return JSON.parse(line) as ClientCall;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
