import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is built, as users start it. */
export const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface How {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes in on stdin; nothing when it is left out. */
  readonly stdin?: string;
  /** Hears of the process while it runs. */
  readonly started?: (child: ReturnType<typeof spawn>) => void;
}

/** A folder of its own to work in, with a home of its own. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs verge here, in a process of its own. */
  verge(args: readonly string[], how?: How): Promise<Outcome>;
  /** Runs a line of a POSIX shell here, in which verge can be called by its name. */
  shell(line: string, how?: How): Promise<Outcome>;
}

export async function place(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verge-cli-'));
  const bin = path.join(folder, '.bin');
  await mkdir(bin);
  await symlink(main, path.join(bin, 'verge'));
  const config = path.join(folder, '.home', 'verge', 'config.json');
  const whole = { PATH: `${bin}:${path.dirname(process.execPath)}:${process.env['PATH']}`, HOME: folder, XDG_CONFIG_HOME: path.join(folder, '.home'), ...env };
  const run = (program: string, args: readonly string[], { env: more, stdin, started }: How = {}) =>
    new Promise<Outcome>((resolve, reject) => {
      const child = spawn(program, args, { cwd: folder, env: { ...whole, ...more }, stdio: ['pipe', 'pipe', 'pipe'] });
      const printed = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (printed[name] += text));
      child.stdin.on('error', () => {});
      child.stdin.end(stdin ?? '');
      child.once('error', reject).once('close', (code, signal) => resolve({ code: code ?? signal!, ...printed }));
      started?.(child);
    });
  return {
    folder,
    config,
    env: whole,
    verge: (args, how) => run(process.execPath, [main, ...args], how),
    shell: (line, how) => run('/bin/sh', ['-c', line], how),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
