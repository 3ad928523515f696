import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../api/dist/main.js', import.meta.url));
const endWithParent = new URL('./end-with-parent.js', import.meta.url).href;

const STOP_WITHIN_MS = 5000;

export interface Server {
  readonly url: string;
  pid(): number;
  /** How often it was started again. */
  restarts(): number;
  /** kill -9, as a power cut would. It is started again. */
  kill(): void;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly dataDir: string;
  readonly key: string;
  /** It has gone, by whatever hand, and is being started again on the same folder and port. */
  readonly onGone: (how: string) => void;
  readonly onBack: (seconds: number) => void;
  /** It can't be started any more. */
  readonly onLost: (error: Error) => void;
}

/** The service on a free port of this machine. When it dies it is started again, as any process supervisor would. */
export async function startServer({ dataDir, key, onGone, onBack, onLost }: ServerOptions): Promise<Server> {
  let [stopping, restarts] = [false, 0];
  let current = await start('0');
  const { url } = current;
  watch();

  function watch(): void {
    current.child.once('exit', (code, signal) => {
      if (stopping) return;
      onGone(String(signal ?? code));
      const goneAt = performance.now();
      restarts++;
      start(new URL(url).port).then((server) => {
        current = server;
        onBack((performance.now() - goneAt) / 1000);
        watch();
        if (stopping) current.child.kill('SIGKILL');
      }, onLost);
    });
  }

  function start(port: string): Promise<{ child: ChildProcess; url: string }> {
    const { PATH = '', SystemRoot = '' } = process.env;
    const child = spawn(process.execPath, ['--import', endWithParent, script], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH, SystemRoot, HOST: '127.0.0.1', PORT: port, DATA_DIR: dataDir, BOOTSTRAP_API_KEY: key, LOG_LEVEL: 'error', RATE_LIMIT_PER_KEY: '0', RATE_LIMIT_PER_ADDRESS: '0' },
    });
    return ready(child);
  }

  return {
    url,
    pid: () => current.child.pid!,
    restarts: () => restarts,
    kill: () => void current.child.kill('SIGKILL'),
    async stop() {
      stopping = true;
      const { child } = current;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([exited, pause(STOP_WITHIN_MS)]);
      child.kill('SIGKILL');
    },
  };
}

function ready(child: ChildProcess): Promise<{ child: ChildProcess; url: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        said = `${said}${line}\n`.slice(-4000);
        const found = /Listening on (http:\/\/\S+)/.exec(line);
        if (found) resolve({ child, url: found[1]! });
      });
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`The server did not start (${code ?? signal}).\n${said}`)));
  });
}
