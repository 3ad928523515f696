import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SmallDisk {
  /** The folder it is mounted on, for those who see it: what is run `under` it. */
  readonly folder: string;
  /** For startServer. */
  readonly under: readonly string[];
  /** Runs a line of shell there; gives what it printed. */
  run(line: string): string;
  /** Takes up so many MiB, or all that is left, to the last block. */
  fill(mib?: number): void;
  /** Gives back what `fill` took. */
  empty(): void;
  remove(): Promise<void>;
}

/**
 * A disk in memory of so many MiB, in a mount namespace of its own, which needs no root and touches nothing of the
 * machine: it goes with the process that holds it. Undefined, with a line that says so, where the kernel allows none.
 */
export async function smallDisk(mib: number): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-small-disk-'));
  const line = `mount -t tmpfs -o size=${mib}m none "$0" && echo mounted && cat > /dev/null`;
  const holder = spawn('unshare', ['-Urm', 'sh', '-c', line, folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = new Promise<void>((resolve) => holder.once('error', () => resolve()).once('close', () => resolve()));
  const mounted = await Promise.race([once(holder.stdout, 'data').then(() => true), gone.then(() => false)]);
  const remove = async () => {
    holder.stdin.destroy();
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  if (!mounted) {
    console.warn('SKIPPED: no small disk can be mounted here (unshare -Urm, mount -t tmpfs), so what happens on a full one was not tried');
    await remove();
    return undefined;
  }
  const under = ['nsenter', '-t', String(holder.pid), '-U', '-m', '--preserve-credentials', '--'];
  const run = (shell: string) => {
    const { stdout, stderr, status } = spawnSync(under[0]!, [...under.slice(1), 'sh', '-c', shell], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${shell}: ${stderr}`);
    return stdout;
  };
  return {
    folder,
    under,
    run,
    fill: (amount = 1_000_000) => void run(`yes | head -c ${amount}M >> ${folder}/filler 2> /dev/null; true`),
    empty: () => void run(`rm -f ${folder}/filler`),
    remove,
  };
}
