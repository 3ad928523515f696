import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../python/weighted_sum.py', import.meta.url));

export type NumpyForm = 'float32' | 'float64' | 'files';

export interface Numpy {
  readonly pid: number;
  /** Seconds for one weighted sum. */
  sum(form: NumpyForm): Promise<number>;
  stop(): Promise<void>;
}

export interface NumpyUpdates {
  /** Has a file for each coefficient: 0, 1, 2, ... */
  readonly folder: string;
  /** Where in each file the float32 numbers begin, in bytes. */
  readonly offset: number;
  readonly coefficients: readonly number[];
}

/** Python with the updates, loaded beforehand when `kind` is "memory". Undefined where there is no python3 with NumPy. */
export async function startNumpy(kind: 'memory' | 'files', { folder, offset, coefficients }: NumpyUpdates): Promise<Numpy | undefined> {
  // Settings for some other machine would make NumPy slower than it is.
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  const child = spawn('python3', [script, kind, folder, String(offset), ...coefficients.map(String)], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const ended = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  // It has ended already when there is nobody to read this.
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout);
  const nextLine = () => Promise.race([once(lines, 'line').then(([line]) => line as string), ended]);
  if ((await nextLine()) === undefined) return undefined;
  return {
    pid: child.pid!,
    async sum(form) {
      child.stdin.write(`${form}\n`);
      const seconds = await nextLine();
      if (seconds === undefined) throw new Error('NumPy ended in the middle of its work.');
      return Number(seconds);
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
