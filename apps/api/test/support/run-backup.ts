import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY } from '@vergeai/testkit';

export type BackupProgram = 'backup' | 'restore' | 'copy-models';

const script = (name: BackupProgram) => fileURLToPath(new URL(`../../dist/backup/${name}.js`, import.meta.url));

const environment = (env: Record<string, string>) => ({ PATH: process.env['PATH'] ?? '', BOOTSTRAP_API_KEY: ADMIN_KEY, MIN_FREE_BYTES: '0', ...env });

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as its npm script does. */
export const runBackup = (name: BackupProgram, args: readonly string[], env: Record<string, string>): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script(name), ...args], { env: environment(env) }, (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });

/** Starts it, to be killed. */
export const startBackup = (name: BackupProgram, args: readonly string[], env: Record<string, string>) => spawn(process.execPath, [script(name), ...args], { env: environment(env), stdio: 'ignore' });
