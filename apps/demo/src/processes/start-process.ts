import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface DemoProcess<News> {
  /** Resolves when it ends by itself without a fault; rejects with what it said last otherwise. Never settles once stopped. */
  readonly ended: Promise<void>;
  onNews(listener: (news: News) => void): void;
  stop(): void;
}

const KEPT_CHARACTERS = 4000;

/** Starts one of this folder's scripts and sends it its setup. It has no settings but these. */
export function startProcess<Setup extends object, News = never>(name: 'device' | 'alone' | 'fleet', setup: Setup): DemoProcess<News> {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: {} });
  child.send(setup);
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said = (said + String(chunk)).slice(-KEPT_CHARACTERS)));
  let stopped = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (stopped) return;
      if (code === 0) resolve();
      else reject(new Error(`A process (${name}) ended with ${code ?? signal}.\n${said}`));
    });
  });
  // Looked at by those who wait for it; one that is stopped concerns nobody.
  ended.catch(() => {});
  return {
    ended,
    onNews: (listener) => void child.on('message', (news) => listener(news as News)),
    stop() {
      stopped = true;
      end(child);
    },
  };
}

function end(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
