import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const serverScript = fileURLToPath(new URL('../../../api/dist/main.js', import.meta.url));

/** One life of the server: a process that may be killed at any moment, before it is ready too. */
export class ServerProcess {
  readonly pid: number;
  /** Where it listens, or undefined when it ended before it was ready. */
  readonly ready: Promise<string | undefined>;
  /** Exit code or signal. */
  readonly exited: Promise<string>;
  /** Whether it was us who ended it. */
  ending = false;
  readonly #child: ChildProcess;

  /** `preload`: a module that is loaded before the server. */
  constructor(env: Readonly<Record<string, string>>, preload: string | undefined, onLine: (line: string) => void) {
    const child = spawn(process.execPath, [...(preload ? ['--import', preload] : []), serverScript], { env: { ...env, PORT: '0', HOST: '127.0.0.1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.pid = child.pid!;
    const stopWithParent = () => child.kill('SIGKILL');
    process.once('exit', stopWithParent);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        process.off('exit', stopWithParent);
        resolve(String(code ?? signal));
      });
    });
    const listening = new Promise<string>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          onLine(line);
          const found = /Listening on (http:\/\/\S+)/.exec(line);
          if (found) resolve(found[1]!);
        });
      }
    });
    this.ready = Promise.race([listening, this.exited.then(() => undefined)]);
  }

  async kill(): Promise<void> {
    this.ending = true;
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to stop; gives how it ended. */
  async stop(): Promise<string> {
    this.ending = true;
    this.#child.kill('SIGTERM');
    return this.exited;
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Has it look at the clock file again. */
  readClock(): void {
    this.#child.kill('SIGUSR2');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}
